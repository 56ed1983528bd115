import { expect, test } from "bun:test";
import { LoopWorkbench } from "../testing/loop-workbench.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import { visitorId } from "./visitors.ts";

const EVE = visitorId("eve");

function enter(bench: LoopWorkbench, connection: number): void {
  bench.join(connection, EVE);
  bench.tick();
}

function keptOf(bench: LoopWorkbench) {
  const { records } = bench;
  return {
    departed: records.flatMap(({ departed }) => departed),
    sessions: records.flatMap(({ sessions }) => sessions),
    loads: bench.loads,
  };
}

const NOTHING = { departed: [], sessions: [], loads: [] };

test("a visitor is in with the next tick, without a ticket, and out with its connection", () => {
  const bench = new LoopWorkbench();
  enter(bench, 1);
  expect(bench.welcomeOf(1)).toMatchObject({ resumed: false, sequence: 0 });
  expect(bench.loop.population).toBe(1);
  bench.put({ kind: "lost", connection: 1 });
  bench.tick();
  expect(bench.loop.population).toBe(0);
  expect(keptOf(bench)).toEqual(NOTHING);
});

test("a visitor that goes away in the tick in which it comes leaves nothing behind", () => {
  const bench = new LoopWorkbench();
  bench.join(1, EVE);
  bench.put({ kind: "lost", connection: 1 });
  bench.tick(2);
  expect(bench.loop.population).toBe(0);
  expect(keptOf(bench)).toEqual(NOTHING);
});

test("an account's player beside it is kept as ever", () => {
  const bench = new LoopWorkbench();
  bench.enter(1, "ann");
  enter(bench, 2);
  bench.put({ kind: "leave", connection: 1 }, { kind: "lost", connection: 2 });
  bench.tick();
  expect(keptOf(bench).departed.map(({ playerId }) => playerId)).toEqual(["ann"]);
});

test("visitors of before a restart leave with the first tick after it", () => {
  const before = new LoopWorkbench();
  before.enter(1, "ann");
  enter(before, 2);
  const world = arenaFactory.restore(before.world.snapshot(), {
    tickRate: 20,
    seed: 1,
    capacity: 50,
  });
  const after = new LoopWorkbench({ world });
  after.tick();
  expect([...world.players()].map(({ playerId }) => playerId)).toEqual(["ann"]);
  expect(keptOf(after)).toEqual(NOTHING);
});
