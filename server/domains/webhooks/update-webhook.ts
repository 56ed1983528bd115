import { eq } from "drizzle-orm";
import { webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import type { UpdateWebhookInput, Webhook } from "#shared/model/webhooks.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { assertReachable } from "./assert-reachable.ts";
import { findEndpoint, toWebhook } from "./endpoint-row.ts";

/** Changes what is given; what waits for an endpoint is sent to its new address. */
export async function updateWebhook(
  deps: ServerDeps,
  actor: Actor,
  { webhookId, url, eventTypes, description, enabled }: UpdateWebhookInput,
): Promise<Webhook> {
  const before = await findEndpoint(deps.database, webhookId);
  if (url !== undefined) await assertReachable(deps, url);
  const { orm } = deps.database;
  const disabled = {
    disabledAtMs: Math.trunc(deps.clock.wallMs()),
    disabledReason: "disabled by an administrator",
  };
  const change = {
    url: url ?? before.url,
    description: description ?? before.description,
    eventTypes: eventTypes === undefined ? before.eventTypes : JSON.stringify(eventTypes),
    ...(enabled === true && { disabledAtMs: null, disabledReason: null }),
    ...(enabled === false && disabled),
  };
  const details = { webhook: webhookId, host: new URL(change.url).host, enabled: enabled ?? null };
  await deps.audit.write(
    { event: "webhook.updated", actorId: actor.playerId, targetId: null, details },
    ({ insert }) =>
      orm.batch([
        orm.update(webhookEndpoints).set(change).where(eq(webhookEndpoints.id, webhookId)),
        insert(),
      ]),
  );
  deps.webhooks.wake();
  return toWebhook(await findEndpoint(deps.database, webhookId));
}
