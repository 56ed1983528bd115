import { eq } from "drizzle-orm";
import { webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import {
  type RotatedSecret,
  SECRET_OVERLAP_HOURS,
  type WebhookInput,
} from "#shared/model/webhooks.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findEndpoint } from "./endpoint-row.ts";
import { createWebhookSecret } from "./sign-webhook.ts";

/** Gives an endpoint a new secret; for a day the old one signs beside it. */
export async function rotateSecret(
  deps: ServerDeps,
  actor: Actor,
  { webhookId }: WebhookInput,
): Promise<RotatedSecret> {
  const before = await findEndpoint(deps.database, webhookId);
  const { orm } = deps.database;
  const secret = createWebhookSecret();
  const previousUntilMs = Math.trunc(deps.clock.wallMs()) + SECRET_OVERLAP_HOURS * 60 * 60 * 1_000;
  const change = { secret, previousSecret: before.secret, previousUntilMs };
  const details = { webhook: webhookId };
  await deps.audit.write(
    { event: "webhook.secret-rotated", actorId: actor.playerId, targetId: null, details },
    ({ insert }) =>
      orm.batch([
        orm.update(webhookEndpoints).set(change).where(eq(webhookEndpoints.id, webhookId)),
        insert(),
      ]),
  );
  return { secret, previousUntil: new Date(previousUntilMs).toISOString() };
}
