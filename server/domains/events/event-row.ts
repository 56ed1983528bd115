import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { type DomainEvent, DomainEventSchema } from "#proto/events_pb.ts";
import type { events } from "#shared/infra/db/schema/control.ts";
import { CUSTOM_PREFIX, caseOfEventType } from "#shared/model/event-catalogue.ts";
import type { LoggedEvent } from "#shared/model/events.ts";

export type EventRow = typeof events.$inferSelect;

/** The data of an event as its message of events.proto says it; throws when it is no such. */
export function normaliseEventData(
  type: string,
  data: Readonly<Record<string, unknown>>,
): Record<string, JsonValue> {
  const field = caseOfEventType(type);
  const json = JSON.stringify(data);
  const given = type.startsWith(CUSTOM_PREFIX) ? { dataJson: json } : asObject(JSON.parse(json));
  const message = fromJson(DomainEventSchema, { [field]: given });
  const { [field]: normal } = asObject(toJson(DomainEventSchema, message));
  return asObject(normal);
}

/** A row as the API shows it. */
export function toLoggedEvent(row: EventRow): LoggedEvent {
  const { id, type, version, priority, source, correlationId, tenant } = row;
  const { region, worldId, shardKey, playerId } = row;
  const data = asObject(JSON.parse(row.data));
  const custom = type.startsWith(CUSTOM_PREFIX) && typeof data.dataJson === "string";
  const metadata = asObject(JSON.parse(row.metadata));
  return {
    cursor: String(row.number),
    ...{ id, type, version, priority, source, correlationId, tenant },
    ...{ region, worldId, shardKey, playerId },
    time: new Date(row.atMs).toISOString(),
    data: custom ? asObject(JSON.parse(String(data.dataJson))) : data,
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, it]) => [key, String(it)])),
  };
}

/** A row as the bus carries it; throws when its data is not what events.proto says. */
export function toDomainEvent(row: EventRow): DomainEvent {
  return fromJson(DomainEventSchema, {
    id: row.id,
    timeMs: String(row.atMs),
    source: row.source,
    type: row.type,
    version: row.version,
    correlationId: row.correlationId,
    tenant: row.tenant,
    priority: row.priority,
    metadata: JSON.parse(row.metadata),
    region: row.region ?? "",
    world: row.worldId ?? "",
    shardKey: row.shardKey ?? "",
    playerId: row.playerId ?? "",
    [caseOfEventType(row.type)]: JSON.parse(row.data),
  });
}

function asObject(value: JsonValue | undefined): Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
