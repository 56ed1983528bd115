import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "#shared/time/clock.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { Persistence } from "./persistence.ts";

const folder = mkdtempSync(join(tmpdir(), "tessera-snapshots-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(path: string) {
  return Persistence.open({
    path,
    shardKey: "arena:1:eu-west-1",
    world: "arena",
    tickRate: 30,
    clock: systemClock,
    loaded: () => {},
    committed: () => {},
    failed: (message) => {
      throw new Error(message);
    },
  });
}

function runTick(world: ShardWorld, persistence: Persistence): void {
  const inputs = world.step();
  const nothing = { departed: [], sessions: [], answers: [], outbox: [], stateHash: undefined };
  persistence.commit({ tick: world.tick, inputs, ...nothing });
}

test("the snapshot at the stop is saved behind one that is on its way", async () => {
  const path = join(folder, "stop.db");
  const world = arenaFactory.create({ tickRate: 30, seed: 1, capacity: 100 });
  const { persistence } = await open(path);
  await persistence.own(1);
  persistence.snapshot(world);
  for (let player = 0; player < 20; player++) {
    world.inputs.join({ playerId: `player-${player}`, name: `Zoë ${player}`, restored: undefined });
    runTick(world, persistence);
  }
  persistence.snapshot(world);
  runTick(world, persistence);
  const entity = [...world.players()][7]?.entity ?? 0;
  world.inputs.rename(entity, "Ada");
  runTick(world, persistence);
  const last = world.snapshot();
  expect(persistence.isSavingSnapshot).toBe(true);
  persistence.snapshot(world);
  await persistence.close();
  expect(persistence.isSavingSnapshot).toBe(false);
  expect(persistence.savedTick).toBe(22);
  const again = await open(path);
  expect(Buffer.from(again.recovery.snapshot?.state ?? []).equals(last)).toBe(true);
  expect(again.recovery.journal).toEqual([]);
  await again.persistence.close();
});
