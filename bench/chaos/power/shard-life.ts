// What the experiment's shard does with its database.
import type { Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { TickRecord } from "../../../shards/loop/messages.ts";
import { ShardStore } from "../../../shards/persistence/shard-store.ts";

/** Who is given an answer in each tick. */
export const PLAYER = "ann";
const INPUT_BYTES_MAX = 20_000;

/** The database of the experiment's shard, made or opened. */
export function openStore(path: string, clock: Clock): Promise<ShardStore> {
  return ShardStore.open({
    path,
    shardKey: "arena:1:eu-west-1",
    world: "arena",
    tickRate: 30,
    clock,
    makeId: () => "00000000-0000-4000-8000-000000000000",
  });
}

/** So many ticks, of any size. */
export function makeRecords(firstTick: number, count: number, random: Random): TickRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    tick: firstTick + index,
    inputs: randomBytes(random.below(INPUT_BYTES_MAX), random),
    departed: [{ playerId: `gone-${random.below(50)}`, state: randomBytes(40, random) }],
    sessions: [],
    answers: [
      { playerId: PLAYER, actionId: randomBytes(16, random), answer: randomBytes(8, random) },
    ],
    outbox: [],
    stateHash: undefined,
  }));
}

export function randomBytes(length: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = random.below(256);
  return bytes;
}
