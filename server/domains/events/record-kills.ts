import type { BusMessage } from "#proto/bus_pb.ts";
import { TOPIC_KILLS } from "#shared/infra/bus/bus.ts";
import { ShardKey } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import { type NewEvent, prepareEvent } from "./prepare-event.ts";

/** Kills that wait for the database; one more is lost and counted. */
const WAITING_MAX = 20_000;
/** Written in one transaction. */
const WRITTEN_MAX = 500;

type RecordDeps = Pick<ServerDeps, "database" | "clock" | "bus" | "log" | "metrics" | "feed">;

/**
 * Writes what shards tell of kills into the event log, each once however often it is told: shards
 * tell again what they told in the second before this process died.
 */
export function recordKills(deps: RecordDeps): () => void {
  const waiting: NewEvent[] = [];
  let writing = false;

  async function write(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const events = waiting.splice(0, WRITTEN_MAX);
      const [first, ...others] = events.map((event) => prepareEvent(deps, event));
      if (first === undefined) break;
      try {
        await deps.database.orm.batch([first, ...others]);
      } catch (error) {
        deps.metrics.eventsLost.inc(events.length);
        deps.log.warning("cannot write kills into the event log", { events: events.length, error });
      }
    }
    writing = false;
    deps.feed.wake();
  }

  return deps.bus.subscribe(TOPIC_KILLS, (message) => {
    const event = toEvent(message);
    if (event === undefined) return;
    if (waiting.length >= WAITING_MAX) deps.metrics.eventsLost.inc();
    else waiting.push(event);
    if (!writing) void write();
  });
}

function toEvent({ id, source, payload }: BusMessage): NewEvent | undefined {
  if (payload.case !== "playerKilled") return undefined;
  const { shardKey, killerId, victimId, tick } = payload.value;
  if (!ShardKey.safeParse(shardKey).success) return undefined;
  const [worldId, , region] = shardKey.split(":");
  return {
    id,
    type: "combat.killed",
    source,
    priority: 3,
    ...{ region, worldId, shardKey },
    playerId: killerId,
    data: { killerId, victimId, tick },
  };
}
