import { and, desc, eq, lt } from "drizzle-orm";
import { webhookDeliveries } from "#shared/infra/db/schema/control.ts";
import type { DeliveryList, ListDeliveriesInput, WebhookDelivery } from "#shared/model/webhooks.ts";
import type { ServerDeps } from "../../deps.ts";
import { findEndpoint } from "./endpoint-row.ts";

/** What was and will be sent to an endpoint, and how it went. */
export async function listDeliveries(
  { database }: Pick<ServerDeps, "database">,
  { webhookId, limit, cursor }: ListDeliveriesInput,
): Promise<DeliveryList> {
  await findEndpoint(database, webhookId);
  const { number, endpointId } = webhookDeliveries;
  const beyond = cursor === undefined ? undefined : lt(number, Number(cursor));
  const rows = await database.orm
    .select()
    .from(webhookDeliveries)
    .where(and(eq(endpointId, webhookId), beyond))
    .orderBy(desc(number))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const nextCursor = last === undefined ? null : String(last.number);
  return { deliveries: page.map(toDelivery), nextCursor };
}

function toDelivery(row: typeof webhookDeliveries.$inferSelect): WebhookDelivery {
  const { eventId, eventType, state, attempts, lastStatus, lastError, lastDurationMs } = row;
  return {
    cursor: String(row.number),
    ...{ eventId, eventType, state, attempts, lastStatus, lastError, lastDurationMs },
    createdAt: new Date(row.createdAtMs).toISOString(),
    lastAttemptAt: toTime(row.lastAttemptAtMs),
    nextAttemptAt: state === "pending" ? toTime(row.nextAttemptAtMs) : null,
  };
}

function toTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
