import type { TestedWebhook, WebhookInput } from "#shared/model/webhooks.ts";
import type { ServerDeps } from "../../deps.ts";
import { prepareEvent } from "../events/index.ts";
import { findEndpoint } from "./endpoint-row.ts";

/** Sends an event of type webhook.test the way that all go, to this endpoint only. */
export async function testWebhook(
  deps: ServerDeps,
  { webhookId }: WebhookInput,
): Promise<TestedWebhook> {
  await findEndpoint(deps.database, webhookId);
  const eventId = crypto.randomUUID();
  const data = { endpointId: webhookId };
  await prepareEvent(deps, { id: eventId, type: "webhook.test", data });
  return { eventId };
}
