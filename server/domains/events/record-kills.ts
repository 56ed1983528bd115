import { like } from "drizzle-orm";
import type { BusMessage } from "#proto/bus_pb.ts";
import { TOPIC_KILLS } from "#shared/infra/bus/bus.ts";
import { eventCursors } from "#shared/infra/db/schema/control.ts";
import { ShardKey } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import { type NewEvent, prepareEvent } from "./prepare-event.ts";

/** Written in one transaction. */
const WRITTEN_MAX = 500;
/** Begins the name of the cursor that names this log on the bus. */
const NAME_START = "log-";

type RecordDeps = Pick<ServerDeps, "database" | "clock" | "bus" | "feed">;

/**
 * Writes what shards tell of kills into the event log, each once however often it is told. The bus
 * keeps a kill until the transaction that writes it has ended well, and tells it again when this
 * process dies before. One that a shard sent and then lost with its region stays in the log.
 */
export async function recordKills(deps: RecordDeps): Promise<() => Promise<void>> {
  const name = await nameLog(deps);
  return deps.bus.consume(TOPIC_KILLS, { name, batchMax: WRITTEN_MAX }, async (messages) => {
    const events = messages.map(toEvent).filter((event) => event !== undefined);
    const [first, ...others] = events.map((event) => prepareEvent(deps, event));
    if (first === undefined) return;
    await deps.database.orm.batch([first, ...others]);
    deps.feed.wake();
  });
}

/** Under which this log consumes: its own for each database, so that each log has all kills. */
async function nameLog({ database: { orm } }: RecordDeps): Promise<string> {
  const isName = like(eventCursors.name, `${NAME_START}%`);
  const [known] = await orm.select().from(eventCursors).where(isName).limit(1);
  if (known !== undefined) return known.name;
  const name = `${NAME_START}${crypto.randomUUID()}`;
  await orm.insert(eventCursors).values({ name, number: 0 });
  return name;
}

/** Undefined for what cannot be read, now or later. */
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
