import { count } from "drizzle-orm";
import { webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import {
  type CreatedWebhook,
  type CreateWebhookInput,
  WEBHOOKS_LENGTH_MAX,
} from "#shared/model/webhooks.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { assertReachable } from "./assert-reachable.ts";
import { type EndpointRow, toWebhook } from "./endpoint-row.ts";
import { createWebhookSecret } from "./sign-webhook.ts";

/** Makes an endpoint; the secret in the answer is not to be had again. */
export async function createWebhook(
  deps: ServerDeps,
  actor: Actor,
  { url, description, eventTypes }: CreateWebhookInput,
): Promise<CreatedWebhook> {
  const { orm } = deps.database;
  const [there] = await orm.select({ count: count() }).from(webhookEndpoints);
  if ((there?.count ?? 0) >= WEBHOOKS_LENGTH_MAX) {
    const message = `cannot make a webhook: there are ${WEBHOOKS_LENGTH_MAX}; delete one first`;
    throw new AppError("CONFLICT", message);
  }
  await assertReachable(deps, url);
  const row: EndpointRow = {
    ...{ id: crypto.randomUUID(), url, description, secret: createWebhookSecret() },
    eventTypes: JSON.stringify(eventTypes),
    ...{ previousSecret: null, previousUntilMs: null, disabledAtMs: null, disabledReason: null },
    succeededAtMs: null,
    createdAtMs: Math.trunc(deps.clock.wallMs()),
  };
  const details = { webhook: row.id, host: new URL(url).host };
  await deps.audit.write(
    { event: "webhook.created", actorId: actor.playerId, targetId: null, details },
    ({ insert }) => orm.batch([orm.insert(webhookEndpoints).values(row), insert()]),
  );
  return { webhook: toWebhook(row), secret: row.secret };
}
