import { eq } from "drizzle-orm";
import { webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import type { DeletedWebhook, WebhookInput } from "#shared/model/webhooks.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findEndpoint } from "./endpoint-row.ts";

/** Deletes an endpoint with all that waits for it and the log of what was sent. */
export async function deleteWebhook(
  deps: ServerDeps,
  actor: Actor,
  { webhookId }: WebhookInput,
): Promise<DeletedWebhook> {
  const { url } = await findEndpoint(deps.database, webhookId);
  const { orm } = deps.database;
  const details = { webhook: webhookId, host: new URL(url).host };
  await deps.audit.write(
    { event: "webhook.deleted", actorId: actor.playerId, targetId: null, details },
    ({ insert }) =>
      orm.batch([orm.delete(webhookEndpoints).where(eq(webhookEndpoints.id, webhookId)), insert()]),
  );
  return { deleted: true };
}
