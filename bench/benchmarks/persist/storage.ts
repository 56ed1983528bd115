import { systemClock } from "#shared/time/clock.ts";
import type { TickRecord } from "../../../shards/loop/messages.ts";
import { Persistence } from "../../../shards/persistence/persistence.ts";
import type { ShardWorld } from "../../../shards/world/shard-world.ts";
import { TICK_RATE } from "./crowded-shard.ts";

export const SHARD_KEY = "arena:1:eu-west-1";

/** A shard's database behind its Worker, as a shard has it; a failure ends the run. */
export async function openStorage(
  path: string,
  committed: (tick: number) => void = () => {},
): Promise<Persistence> {
  const { persistence } = await Persistence.open({
    path,
    shardKey: SHARD_KEY,
    world: "arena",
    tickRate: TICK_RATE,
    clock: systemClock,
    loaded: () => {},
    committed,
    failed: (message) => {
      console.error(`cannot measure persist: ${message}`);
      process.exit(2);
    },
  });
  await persistence.own(1);
  return persistence;
}

/** Steps the world and hands the tick to storage as the loop does. */
export function commitTick(
  world: ShardWorld,
  persistence: Persistence,
  sessions: TickRecord["sessions"] = [],
): void {
  const inputs = world.step();
  const { tick } = world;
  const stateHash = tick % TICK_RATE === 0 ? world.hash() : undefined;
  persistence.commit({ tick, inputs, sessions, departed: [], answers: [], outbox: [], stateHash });
}
