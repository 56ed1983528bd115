// Durable actions at the loop's inbox: done once, answered each time, never before the commit.
import { describe, expect, test } from "bun:test";
import { fromBinary } from "@bufbuild/protobuf";
import { BusMessageSchema } from "#proto/bus_pb.ts";
import { RejectionReason } from "#proto/frame_pb.ts";
import { ArenaPlayerSchema } from "#proto/journal_pb.ts";
import { LoopWorkbench } from "../testing/loop-workbench.ts";
import { hashPaperToken } from "../testing/paper-tokens.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import { tellKills } from "./kills.ts";
import { visitorId } from "./visitors.ts";

const { UNSPECIFIED, BUSY, UNAFFORDABLE } = RejectionReason;
const VIEWPORT = { width: 800, height: 600 };
const STALL_TICKS = 200;

interface Pair {
  bench: LoopWorkbench;
  ann: number;
  bob: number;
}

/** Two players with three credits each; from now on the disk commits when it is told to. */
function setUp(kept = {}): Pair {
  const bench = new LoopWorkbench();
  const place = { x: 5_000, y: 5_000, health: 100, credits: 3 };
  const { entity: ann } = bench.enter(1, "ann", { ...place, ...kept });
  const { entity: bob } = bench.enter(2, "bob", place);
  bench.isDiskSlow = true;
  return { bench, ann, bob };
}

/** What the world has, shown or not. */
function creditsOf(bench: LoopWorkbench, playerId: string): number | undefined {
  const world = arenaFactory.restore(bench.world.snapshot(), {
    tickRate: 20,
    seed: 1,
    capacity: 50,
  });
  const player = [...world.players()].find((each) => each.playerId === playerId);
  world.inputs.leave(player?.entity ?? 0);
  world.step();
  const state = world.effects.departed[0]?.state ?? new Uint8Array();
  return fromBinary(ArenaPlayerSchema, state).credits;
}

describe("a durable action", () => {
  test("is answered with its commit, and recorded with its tick", () => {
    const { bench, bob } = setUp();
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.tick();
    const { tick } = bench.loop;
    expect(bench.records.at(-1)?.answers).toMatchObject([{ playerId: "ann" }]);
    bench.tick(3);
    expect(bench.resultsTo(1)).toEqual([]);
    expect(bench.loop.unansweredActions).toBe(1);
    bench.sync(tick - 1);
    expect(bench.resultsTo(1)).toEqual([]);
    bench.sync(tick);
    expect(bench.resultsTo(1)).toEqual([{ id: 5, reason: UNSPECIFIED, tick }]);
    expect(bench.loop.unansweredActions).toBe(0);
    expect([creditsOf(bench, "ann"), creditsOf(bench, "bob")]).toEqual([2, 4]);
  });

  test("that is refused is answered and recorded just so", () => {
    const { bench, bob } = setUp({ credits: 0 });
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.tick();
    expect(bench.records.at(-1)?.answers).toHaveLength(1);
    expect(bench.resultsTo(1)).toEqual([]);
    bench.sync();
    const { tick } = bench.loop;
    expect(bench.resultsTo(1)).toEqual([{ id: 5, reason: UNAFFORDABLE, tick }]);
    expect(bench.controls.filter(({ kind }) => kind === "reject")).toEqual([]);
  });

  test("holds the ack of its sequence, and what it changed, until its commit", () => {
    const { bench, bob } = setUp();
    bench.tick(2);
    bench.sync();
    bench.frames.length = 0;
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.tick(30);
    const acks = () =>
      bench.frames.flatMap(({ connection, content }) =>
        content.ack?.self.case === "arena" ? [[connection, content.ack.self.value.credits]] : [],
      );
    expect(acks().length).toBeGreaterThan(0);
    expect(acks().filter(([, credits]) => credits !== 3)).toEqual([]);
    expect(acks().filter(([connection]) => connection === 1)).toEqual([]);
    bench.sync();
    bench.tick(2);
    expect(acks().slice(-2).sort()).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });

  test("that comes again is not done again, wherever it is by then", () => {
    const { bench, bob } = setUp();
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.give(1, { sequence: 2, id: 5, to: bob });
    bench.tick();
    const { tick } = bench.loop;
    bench.give(1, { sequence: 3, id: 5, to: bob });
    bench.tick();
    bench.sync();
    const answer = { id: 5, reason: UNSPECIFIED, tick };
    expect(bench.resultsTo(1)).toEqual([answer]);
    bench.give(1, { sequence: 4, id: 5, to: bob });
    bench.tick();
    expect(bench.resultsTo(1)).toEqual([answer, answer]);
    expect(creditsOf(bench, "ann")).toBe(2);
    expect(bench.records.flatMap(({ answers }) => answers)).toHaveLength(1);
  });

  test("is answered over the connection that asked last", () => {
    const { bench, bob } = setUp();
    const { resumeToken } = bench.welcomeOf(1);
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.tick();
    bench.put({ kind: "lost", connection: 1 });
    const tokenHash = hashPaperToken(resumeToken);
    bench.put({ kind: "resume", connection: 3, tokenHash, viewport: VIEWPORT });
    bench.tick();
    // Its welcome is not out: whatever comes over it comes later.
    bench.sync();
    bench.give(3, { sequence: 2, id: 5, to: bob });
    bench.tick();
    expect(bench.resultsTo(3)).toMatchObject([{ id: 5, reason: UNSPECIFIED }]);
    expect(creditsOf(bench, "ann")).toBe(2);
  });

  test("that waits for its tick is void without its connection; it may come again", () => {
    const { bench, bob } = setUp();
    const { resumeToken } = bench.welcomeOf(1);
    bench.isDiskSlow = false;
    bench.give(1, { sequence: 1, id: 5, to: bob, tick: bench.loop.tick + 20 });
    bench.tick(2);
    bench.put({ kind: "lost", connection: 1 });
    const tokenHash = hashPaperToken(resumeToken);
    bench.put({ kind: "resume", connection: 3, tokenHash, viewport: VIEWPORT });
    bench.tick(2);
    bench.give(3, { sequence: 2, id: 5, to: bob, tick: bench.loop.tick + 10 });
    bench.tick(30);
    expect(bench.resultsTo(3)).toMatchObject([{ id: 5, reason: UNSPECIFIED }]);
    expect(creditsOf(bench, "ann")).toBe(2);
    expect(bench.loop.unansweredActions).toBe(0);
    bench.give(3, { sequence: 3, id: 6, to: bob, tick: bench.loop.tick + 20 });
    bench.put({ kind: "lost", connection: 3 });
    bench.tick(30);
    expect(creditsOf(bench, "ann")).toBe(2);
    expect(bench.loop.unansweredActions).toBe(0);
  });

  test("of an old sequence is not heard, and done when it comes with a fresh one", () => {
    const { bench, bob } = setUp();
    bench.isDiskSlow = false;
    bench.move(1, { sequence: 9, dx: 0 });
    bench.give(1, { sequence: 9, id: 5, to: bob });
    bench.give(1, { sequence: 10, id: 6, to: bob });
    bench.give(1, { sequence: 10, id: 7, to: bob });
    bench.tick();
    expect(bench.resultsTo(1)).toMatchObject([{ id: 6 }]);
    expect(bench.loop.unansweredActions).toBe(0);
    bench.give(1, { sequence: 11, id: 5, to: bob });
    bench.give(1, { sequence: 12, id: 7, to: bob });
    bench.tick();
    expect(bench.resultsTo(1)).toMatchObject([{ id: 6 }, { id: 5 }, { id: 7 }]);
  });

  test("without an id is refused like any command", () => {
    const { bench, bob } = setUp();
    const action = { action: { case: "give" as const, value: { entity: bob } } };
    const message = {
      sequence: 1,
      tick: 0,
      action: { case: "arena" as const, value: action },
      actionId: new Uint8Array(0),
    };
    bench.put({ kind: "command", connection: 1, message });
    bench.tick();
    expect(bench.controls.at(-1)).toMatchObject({ kind: "reject", sequence: 1 });
    expect(creditsOf(bench, "ann")).toBe(3);
  });

  test("is refused when too many wait, and may come again", () => {
    const { bench, bob } = setUp({ credits: 60 });
    for (let id = 1; id <= 33; id++) bench.give(1, { sequence: id, id, to: bob });
    bench.tick();
    expect(bench.resultsTo(1)).toMatchObject([{ id: 33, reason: BUSY }]);
    expect(bench.records.at(-1)?.answers).toHaveLength(32);
    bench.sync();
    expect(bench.resultsTo(1)).toHaveLength(33);
    bench.give(1, { sequence: 34, id: 33, to: bob });
    bench.tick();
    bench.sync();
    expect(bench.resultsTo(1).at(-1)).toMatchObject({ id: 33, reason: UNSPECIFIED });
    expect(creditsOf(bench, "ann")).toBe(27);
  });

  test("waits while the world stands still, and is done when it goes on", () => {
    const { bench, bob } = setUp();
    bench.tick(STALL_TICKS + 5);
    const { tick } = bench.loop;
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.give(1, { sequence: 2, id: 5, to: bob });
    bench.move(1, { sequence: 3, dx: 1 });
    bench.tick(100);
    expect(bench.loop.refusedCommands).toBe(1);
    expect(bench.resultsTo(1)).toEqual([]);
    bench.isDiskSlow = false;
    bench.sync();
    bench.tick(2);
    expect(bench.resultsTo(1)).toEqual([{ id: 5, reason: UNSPECIFIED, tick: tick + 1 }]);
  });
});

describe("what was answered", () => {
  test("is known again after a restart, whether the answer was sent or not", () => {
    const { bench, bob } = setUp();
    const { resumeToken } = bench.welcomeOf(1);
    const tokenHash = hashPaperToken(resumeToken);
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.tick();
    const { tick } = bench.loop;
    const answers = bench.records.flatMap((record) => record.answers);
    const options = { tickRate: 20, seed: 1, capacity: 50 };
    const world = arenaFactory.restore(bench.world.snapshot(), options);
    const savedTokens = new Map([["ann", tokenHash]]);
    const again = new LoopWorkbench({ world, savedTokens });
    again.put({ kind: "resume", connection: 7, tokenHash, viewport: VIEWPORT });
    again.tick();
    expect(again.controls).toEqual([]);
    again.answerLoad(undefined, true, answers);
    again.tick();
    again.give(7, { sequence: 2, id: 5, to: bob });
    again.tick();
    expect(again.resultsTo(7)).toEqual([{ id: 5, reason: UNSPECIFIED, tick }]);
    expect(creditsOf(again, "ann")).toBe(2);
  });

  test("nobody gets what was meant for somebody whose coming was lost", () => {
    const { bench, ann } = setUp();
    const { resumeToken } = bench.welcomeOf(1);
    const tokenHash = hashPaperToken(resumeToken);
    const committed = bench.world.snapshot();
    // The disk is slow: frames show cid, and then all since the last commit is lost.
    bench.join(3, "cid");
    bench.tick();
    bench.answerLoad();
    bench.tick(4);
    const entities = () => new Map([...bench.world.players()].map((one) => [one.playerId, one]));
    const cid = entities().get("cid")?.entity ?? 0;
    expect(bench.frames.some(({ connection }) => connection === 1)).toBe(true);
    bench.give(1, { sequence: 1, id: 5, to: cid });

    const options = { tickRate: 20, seed: 1, capacity: 50 };
    const world = arenaFactory.restore(committed, options);
    const again = new LoopWorkbench({ world, savedTokens: new Map([["ann", tokenHash]]) });
    again.put({ kind: "resume", connection: 7, tokenHash, viewport: VIEWPORT });
    again.tick();
    again.answerLoad();
    const { entity: dora } = again.enter(8, "dora");
    expect([again.welcomeOf(7).entity, dora === cid]).toEqual([ann, false]);
    again.give(7, { sequence: 2, id: 5, to: cid });
    again.tick();
    expect(again.resultsTo(7)).toMatchObject([{ id: 5, reason: RejectionReason.UNAVAILABLE }]);
    expect([creditsOf(again, "ann"), creditsOf(again, "dora")]).toEqual([3, 3]);
  });

  test("comes with a player who joins, and goes with it", () => {
    const { bench, bob } = setUp();
    bench.isDiskSlow = false;
    bench.give(1, { sequence: 1, id: 5, to: bob });
    bench.tick();
    const answers = bench.records.flatMap((record) => record.answers);
    bench.put({ kind: "leave", connection: 1 });
    bench.tick();
    const [kept] = bench.records.at(-1)?.departed ?? [];
    bench.join(3, "ann");
    bench.tick();
    bench.answerLoad(kept?.state, true, answers);
    bench.tick();
    bench.give(3, { sequence: 1, id: 5, to: bob });
    bench.tick();
    expect(bench.resultsTo(3)).toEqual([
      { id: 5, reason: UNSPECIFIED, tick: bench.resultsTo(1)[0]?.tick ?? 0 },
    ]);
    expect(creditsOf(bench, "ann")).toBe(2);
  });

  test("is the latest 64 of a player", () => {
    const { bench, bob } = setUp({ credits: 99 });
    bench.isDiskSlow = false;
    let sequence = 0;
    const giveTo = (id: number) => {
      bench.give(1, { sequence: ++sequence, id, to: bob });
      bench.tick();
    };
    for (let id = 1; id <= 65; id++) giveTo(id);
    expect(creditsOf(bench, "ann")).toBe(34);
    giveTo(2);
    expect(creditsOf(bench, "ann")).toBe(34);
    giveTo(1);
    expect(creditsOf(bench, "ann")).toBe(33);
  });

  test("of a visitor is told and not kept", () => {
    const bench = new LoopWorkbench();
    bench.join(4, visitorId("v"));
    bench.tick(2);
    bench.give(4, { sequence: 1, id: 5, to: 3 });
    bench.tick();
    expect(bench.resultsTo(4)).toHaveLength(1);
    expect(bench.records.flatMap(({ answers }) => answers)).toEqual([]);
  });
});

test("kills stand in their tick's record for the bus, the same however often they are made", () => {
  const place = { x: 5_000, y: 5_000, facingRight: true };
  const outboxes = [1, 2].map(() => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann", { ...place, health: 100 });
    bench.enter(2, "bob", { ...place, x: 5_100, health: 20 });
    bench.attack(1, 1);
    bench.tick();
    return { tick: bench.loop.tick, outbox: bench.records.at(-1)?.outbox ?? [] };
  });
  const [first, second] = outboxes;
  expect(first).toEqual(second);
  const [message] = first?.outbox ?? [];
  expect(first?.outbox).toHaveLength(1);
  expect(message?.id).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(fromBinary(BusMessageSchema, message?.message ?? new Uint8Array())).toMatchObject({
    id: message?.id,
    topic: "kills",
    source: "arena:1:eu-west-1",
    payload: {
      case: "playerKilled",
      value: { tick: first?.tick, killerId: "ann", victimId: "bob" },
    },
  });
});

test("kills by and of visitors are nobody's business", () => {
  const visitor = visitorId("v");
  const kills = [
    { killerId: visitor, victimId: "ann" },
    { killerId: "ann", victimId: visitor },
  ];
  expect(tellKills(kills, { shardKey: "arena:1:eu-west-1", tick: 1, wallMs: 0 })).toEqual([]);
});

test("an action that found the queue full is as good as new when it is sent again", () => {
  const { bench, bob } = setUp();
  // What the queue holds in all, for a tick that is long in coming, an inbox at a time.
  const tick = bench.loop.tick + 25;
  for (let sequence = 1, ticks = 0; ticks < 5; ticks++) {
    for (let each = 0; each < 65_000; each++) bench.move(2, { sequence: sequence++, dx: 1, tick });
    bench.tick();
    bench.sync();
  }
  expect(bench.loop.droppedCommands).toBeGreaterThan(0);
  bench.give(1, { sequence: 1, id: 5, to: bob });
  bench.tick();
  expect(bench.loop.unansweredActions).toBe(0);
  bench.tick(25);
  bench.give(1, { sequence: 2, id: 5, to: bob });
  bench.tick();
  bench.sync();
  expect(bench.resultsTo(1)).toMatchObject([{ id: 5, reason: UNSPECIFIED }]);
});
