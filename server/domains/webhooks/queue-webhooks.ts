import { count, eq, isNull, sql } from "drizzle-orm";
import { webhookDeliveries, webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import type { ServerDeps } from "../../deps.ts";
import { type EventRow, type RelayStatement, toLoggedEvent } from "../events/index.ts";
import { type EndpointRow, readEventTypes } from "./endpoint-row.ts";

/** Waiting for one endpoint; beyond it what is new is not sent there, and a warning says so. */
const WAITING_LENGTH_MAX = 10_000;

type QueueDeps = Pick<ServerDeps, "database" | "clock" | "log">;

/** The statements that queue events for the endpoints that want them, each event once. */
export async function queueWebhooks(
  deps: QueueDeps,
  rows: readonly EventRow[],
): Promise<readonly RelayStatement[]> {
  const { orm } = deps.database;
  const endpoints = await orm
    .select()
    .from(webhookEndpoints)
    .where(isNull(webhookEndpoints.disabledAtMs));
  if (endpoints.length === 0) return [];
  const waiting = await countWaiting(deps);
  const nowMs = Math.trunc(deps.clock.wallMs());
  return endpoints.flatMap((endpoint) => {
    const wanted = rows.filter((row) => wants(endpoint, row));
    const room = Math.max(0, WAITING_LENGTH_MAX - (waiting.get(endpoint.id) ?? 0));
    if (wanted.length > room) {
      const left = { webhook: endpoint.id, events: wanted.length - room };
      deps.log.warning("a webhook has too much waiting; events are not sent to it", left);
    }
    return wanted.slice(0, room).map((row) => {
      const { type, time, data } = toLoggedEvent(row);
      const body = JSON.stringify({ type, timestamp: time, data, event: describe(row) });
      return orm.run(sql`INSERT INTO ${webhookDeliveries}
          (endpoint_id, event_id, event_type, body, created_at_ms, next_attempt_at_ms)
        SELECT ${endpoint.id}, ${row.id}, ${row.type}, ${body}, ${nowMs}, ${nowMs}
        WHERE EXISTS (SELECT 1 FROM ${webhookEndpoints} WHERE id = ${endpoint.id})
        ON CONFLICT DO NOTHING`);
    });
  });
}

/** What the data does not say, for receivers that tell events apart. */
function describe({ id, region, worldId, shardKey, playerId, version }: EventRow) {
  return { id, version, region, worldId, shardKey, playerId };
}

function wants(endpoint: EndpointRow, row: EventRow): boolean {
  if (row.type === "webhook.test") return row.data.includes(`"${endpoint.id}"`);
  const types = readEventTypes(endpoint);
  return types.includes("*") || types.includes(row.type);
}

async function countWaiting({ database: { orm } }: QueueDeps): Promise<Map<string, number>> {
  const { endpointId, state } = webhookDeliveries;
  const counts = await orm
    .select({ endpointId, waiting: count() })
    .from(webhookDeliveries)
    .where(eq(state, "pending"))
    .groupBy(endpointId);
  return new Map(counts.map((row) => [row.endpointId, row.waiting]));
}
