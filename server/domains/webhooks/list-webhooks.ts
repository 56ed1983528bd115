import { asc } from "drizzle-orm";
import { webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import { WEBHOOKS_LENGTH_MAX, type WebhookList } from "#shared/model/webhooks.ts";
import type { ServerDeps } from "../../deps.ts";
import { toWebhook } from "./endpoint-row.ts";

/** All endpoints, the oldest first. */
export async function listWebhooks({
  database,
}: Pick<ServerDeps, "database">): Promise<WebhookList> {
  const rows = await database.orm
    .select()
    .from(webhookEndpoints)
    .orderBy(asc(webhookEndpoints.createdAtMs), asc(webhookEndpoints.id))
    .limit(WEBHOOKS_LENGTH_MAX);
  return { webhooks: rows.map(toWebhook) };
}
