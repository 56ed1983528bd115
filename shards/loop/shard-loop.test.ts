import { describe, expect, test } from "bun:test";
import { create, fromBinary } from "@bufbuild/protobuf";
import { InputSchema } from "#proto/frame_pb.ts";
import { TickInputsSchema } from "#proto/journal_pb.ts";
import { RESUME_WINDOW_MS } from "#shared/net/protocol.ts";
import { LoopWorkbench } from "../testing/loop-workbench.ts";
import { hashPaperToken } from "../testing/paper-tokens.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";

const RESUME_TICKS = RESUME_WINDOW_MS / 50;

describe("joining", () => {
  test("waits for what is kept of the player, then welcomes", () => {
    const bench = new LoopWorkbench();
    bench.join(1, "ann");
    bench.tick();
    expect(bench.controls).toEqual([]);
    bench.answerLoad();
    bench.tick();
    expect(bench.welcomeOf(1)).toMatchObject({ resumed: false, sequence: 0, tick: 2 });
  });

  test("a client that goes away while it is loaded leaves nothing behind", () => {
    const bench = new LoopWorkbench();
    bench.join(1, "ann");
    bench.tick();
    bench.put({ kind: "lost", connection: 1 });
    bench.answerLoad();
    bench.tick(2);
    expect(bench.controls).toEqual([]);
    expect(bench.loop.population).toBe(0);
  });

  test("two connections of one player in the same tick: the later one plays", () => {
    const bench = new LoopWorkbench();
    bench.join(1, "ann");
    bench.join(2, "ann");
    bench.tick();
    bench.answerLoad();
    bench.answerLoad();
    bench.tick();
    expect(bench.closingOf(1)).toContain("joined from elsewhere");
    expect(bench.welcomeOf(2).resumed).toBe(false);
    expect(bench.loop.population).toBe(1);
  });

  test("a player is loaded only after the tick in which it left is handed over", () => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann");
    bench.storageCalls.length = 0;
    bench.put({ kind: "leave", connection: 1 });
    bench.join(2, "ann");
    bench.tick();
    expect(bench.records.at(-1)?.departed).toHaveLength(1);
    expect(bench.storageCalls).toEqual(["commit", "load"]);
  });

  test("what was loaded before the player left is not used", () => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann");
    bench.join(2, "ann");
    bench.tick();
    bench.put({ kind: "leave", connection: 1 });
    bench.tick();
    bench.answerLoad();
    bench.tick();
    expect(bench.loads).toMatchObject([{ connection: 2, ticket: undefined }]);
    bench.answerLoad(bench.records.find(({ departed }) => departed.length > 0)?.departed[0]?.state);
    bench.tick();
    expect(bench.welcomeOf(2).resumed).toBe(false);
  });

  test("a leave just before a loaded join does not cost what the player had", () => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann");
    bench.join(2, "ann");
    bench.tick();
    bench.put({ kind: "leave", connection: 1 });
    bench.answerLoad();
    bench.tick();
    expect(bench.records.at(-1)?.departed).toHaveLength(1);
    expect(bench.loads).toMatchObject([{ connection: 2, ticket: undefined }]);
    const kept = bench.records.at(-1)?.departed[0]?.state;
    for (; bench.loads.length > 0; bench.tick()) bench.answerLoad(kept);
    expect(bench.welcomeOf(2).resumed).toBe(false);
    expect(bench.loop.population).toBe(1);
  });

  test("a leave just after a loaded join does not take the newcomer's entity", () => {
    const bench = new LoopWorkbench();
    const { entity } = bench.enter(1, "ann");
    bench.join(2, "ann");
    bench.tick();
    bench.answerLoad();
    bench.put({ kind: "leave", connection: 1 });
    bench.tick();
    expect(bench.closingOf(1)).toBe("goodbye");
    expect(bench.welcomeOf(2).entity).toBe(entity);
    expect(bench.loop.population).toBe(1);
  });

  test.each([true, false])("a revocation reaches a join of the same tick; there: %p", (there) => {
    const bench = new LoopWorkbench();
    if (there) bench.enter(1, "ann");
    bench.join(2, "ann");
    bench.tick();
    bench.answerLoad();
    bench.put({ kind: "revoke", playerId: "ann", reason: "" });
    bench.tick(2);
    expect(bench.closingOf(2)).toContain("logged out");
    expect(bench.loop.population).toBe(0);
    expect(bench.loop.connected).toBe(0);

    const { entity } = bench.enter(3, "ann");
    expect([...bench.world.players()]).toEqual([{ playerId: "ann", entity }]);
  });
});

test("a name that changes while the player comes in is the one it has", () => {
  const bench = new LoopWorkbench();
  bench.join(1, "ann");
  bench.tick();
  bench.answerLoad();
  bench.put({ kind: "rename", playerId: "ann", name: "Annabel" });
  bench.tick(2);
  const inputs = bench.records.flatMap(
    (record) => fromBinary(TickInputsSchema, record.inputs).arena,
  );
  expect(inputs.map(({ input }) => input)).toMatchObject([
    { case: "join", value: { name: "ann" } },
    { case: "rename", value: { name: "Annabel" } },
  ]);
});

describe("a takeover by the same player", () => {
  test("leaves the commands that the earlier connection had queued unapplied", () => {
    const bench = new LoopWorkbench();
    const { entity } = bench.enter(1, "ann");
    bench.join(2, "ann");
    bench.tick();
    bench.move(1, { sequence: 40, dx: 1, tick: bench.loop.tick + 1 });
    bench.move(1, { sequence: 41, dx: 1, tick: bench.loop.tick + 5 });
    bench.answerLoad();
    bench.tick();
    expect(bench.welcomeOf(2)).toMatchObject({ entity, sequence: 0 });
    bench.move(2, { sequence: 1, dx: -1 });
    bench.tick(10);
    expect(bench.world.sequenceOf(entity)).toBe(1);
  });
});

describe("a lost connection", () => {
  test("is waited for, then the player leaves and is kept", () => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann");
    bench.put({ kind: "lost", connection: 1 });
    bench.tick(RESUME_TICKS);
    expect(bench.loop.population).toBe(1);
    bench.tick(2);
    expect(bench.loop.population).toBe(0);
    const departed = bench.records.flatMap((record) => record.departed);
    expect(departed).toMatchObject([{ playerId: "ann" }]);
    expect(bench.records.at(-1)?.sessions ?? []).toEqual([]);
  });

  test("leaves the player standing, and its queued commands unapplied", () => {
    const bench = new LoopWorkbench();
    const { entity } = bench.enter(1, "ann");
    bench.move(1, { sequence: 1, dx: 1 });
    bench.tick(3);
    const place = { x: 0, y: 0 };
    bench.move(1, { sequence: 2, dx: 1 });
    bench.put({ kind: "lost", connection: 1 });
    bench.tick();
    bench.world.locate(entity, place);
    bench.tick(5);
    const later = { x: 0, y: 0 };
    bench.world.locate(entity, later);
    expect(later).toEqual(place);
    expect(bench.world.sequenceOf(entity)).toBe(1);
  });

  test("is taken up again by token, with the sequence going on", () => {
    const bench = new LoopWorkbench();
    const welcome = bench.enter(1, "ann");
    bench.move(1, { sequence: 5, dx: 1 });
    bench.tick();
    bench.put({ kind: "lost", connection: 1 });
    bench.tick(10);
    const viewport = { width: 800, height: 600 };
    const tokenHash = hashPaperToken(welcome.resumeToken);
    bench.put({ kind: "resume", connection: 2, tokenHash, viewport });
    bench.tick();
    expect(bench.welcomeOf(2)).toMatchObject({
      resumed: true,
      sequence: 5,
      entity: welcome.entity,
    });
    bench.put({ kind: "resume", connection: 3, tokenHash, viewport });
    bench.tick();
    expect(bench.closingOf(3)).toContain("the session has ended");
  });

  test("is waited for as long as the shard was awake, however long it stood still", () => {
    const bench = new LoopWorkbench();
    const { resumeToken, entity } = bench.enter(1, "ann");
    bench.put({ kind: "lost", connection: 1 });
    bench.tick();
    bench.clock.standStill(3_600_000);
    bench.tick(2);
    const viewport = { width: 800, height: 600 };
    const tokenHash = hashPaperToken(resumeToken);
    bench.put({ kind: "resume", connection: 2, tokenHash, viewport });
    bench.tick();
    expect(bench.welcomeOf(2)).toMatchObject({ resumed: true, entity });
    bench.put({ kind: "lost", connection: 2 });
    bench.tick(RESUME_TICKS + 2);
    expect(bench.loop.population).toBe(0);
  });

  test("is not given up while the player is joining anew", () => {
    const bench = new LoopWorkbench();
    const { entity } = bench.enter(1, "ann");
    bench.put({ kind: "lost", connection: 1 });
    bench.tick(RESUME_TICKS - 1);
    bench.join(2, "ann");
    bench.tick(10);
    bench.answerLoad();
    bench.tick();
    expect(bench.welcomeOf(2).entity).toBe(entity);
  });
});

describe("after a restart", () => {
  test("the journal leads to the same world, and sessions wait for their token", () => {
    const first = new LoopWorkbench();
    const start = first.world.snapshot();
    const { resumeToken } = first.enter(1, "ann");
    first.move(1, { sequence: 1, dx: -1 });
    first.tick(7);
    const tokens = new Map<string, string>();
    for (const { playerId, tokenHash } of first.records.flatMap((record) => record.sessions)) {
      if (tokenHash !== undefined) tokens.set(playerId, tokenHash);
    }
    const options = { tickRate: 20, seed: 1, capacity: 50 };
    const world = arenaFactory.restore(start, options);
    for (const { inputs } of first.records) world.replay(inputs);
    expect(world.hash()).toBe(first.world.hash());

    const second = new LoopWorkbench({ world, savedTokens: tokens });
    const tokenHash = hashPaperToken(resumeToken);
    const viewport = { width: 800, height: 600 };
    second.put({ kind: "resume", connection: 9, tokenHash, viewport });
    second.tick();
    second.answerLoad();
    second.tick();
    expect(second.welcomeOf(9)).toMatchObject({ resumed: true, sequence: 1 });
  });

  /** A world with ann in it whom nobody plays, and what lets her resume. */
  function restarted() {
    const first = new LoopWorkbench();
    // Tokens are numbered, and the second world's begin anew.
    first.enter(1, "bob");
    const { resumeToken, entity } = first.enter(2, "ann");
    first.put({ kind: "leave", connection: 1 });
    first.tick(2);
    const tokenHash = hashPaperToken(resumeToken);
    const options = { tickRate: 20, seed: 1, capacity: 50 };
    const world = arenaFactory.restore(first.world.snapshot(), options);
    const bench = new LoopWorkbench({ world, savedTokens: new Map([["ann", tokenHash]]) });
    const viewport = { width: 800, height: 600 };
    const resume = (connection: number) =>
      bench.put({ kind: "resume", connection, tokenHash, viewport });
    return { bench, resume, entity };
  }

  test("what a player did is loaded once, when it resumes", () => {
    const { bench, resume } = restarted();
    expect(bench.loads).toEqual([]);
    resume(2);
    bench.tick();
    expect(bench.loads).toEqual([{ connection: 2, playerId: "ann", ticket: undefined }]);
    bench.answerLoad();
    bench.tick();
    const { resumeToken } = bench.welcomeOf(2);
    bench.put({ kind: "lost", connection: 2 });
    const viewport = { width: 800, height: 600 };
    bench.put({
      kind: "resume",
      connection: 3,
      tokenHash: hashPaperToken(resumeToken),
      viewport,
    });
    bench.tick();
    expect(bench.welcomeOf(3).resumed).toBe(true);
    expect(bench.loads).toEqual([]);
  });

  test("a token lets one of those in who wait for the load with it", () => {
    const { bench, resume } = restarted();
    resume(2);
    resume(3);
    bench.tick();
    bench.answerLoad();
    bench.answerLoad();
    bench.tick();
    expect(bench.welcomeOf(2).resumed).toBe(true);
    expect(bench.closingOf(3)).toContain("the session has ended");
  });

  test("one that goes away while it is loaded may come again", () => {
    const { bench, resume, entity } = restarted();
    resume(2);
    bench.tick();
    bench.put({ kind: "lost", connection: 2 });
    bench.answerLoad();
    bench.tick();
    expect(bench.controls).toEqual([]);
    resume(3);
    bench.tick();
    bench.answerLoad();
    bench.tick();
    expect(bench.welcomeOf(3)).toMatchObject({ resumed: true, entity });
  });

  test("a session does not end while its player is loaded, and a revoked one does", () => {
    const { bench, resume } = restarted();
    bench.tick(RESUME_TICKS - 2);
    resume(2);
    bench.tick(10);
    expect(bench.loop.population).toBe(1);
    bench.put({ kind: "revoke", playerId: "ann", reason: "" });
    bench.tick(2);
    expect(bench.closingOf(2)).toBeDefined();
    expect(bench.loop.population).toBe(0);
    bench.answerLoad();
    bench.tick();
    expect(bench.controls.filter(({ kind }) => kind === "welcome")).toEqual([]);
  });

  test("a ticket takes over from a resume that waits", () => {
    const { bench, resume, entity } = restarted();
    resume(2);
    bench.join(3, "ann");
    bench.tick();
    const [resuming, joining] = bench.loads.splice(0);
    bench.loads.push(...(joining ? [joining] : []));
    bench.answerLoad();
    bench.tick();
    expect(bench.welcomeOf(3)).toMatchObject({ resumed: false, entity });
    bench.loads.push(...(resuming ? [resuming] : []));
    bench.answerLoad();
    bench.tick();
    expect(bench.closingOf(2)).toContain("the session has ended");
  });
});

describe("frames", () => {
  test("go to each client every interval, the first one anew and with an ack", () => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann");
    bench.enter(2, "bob");
    bench.frames.length = 0;
    bench.tick(20);
    for (const connection of [1, 2]) {
      const ticks = bench.frames.filter((frame) => frame.connection === connection);
      expect(ticks).toHaveLength(10);
    }
  });

  test("start anew after a frame was lost on the way", () => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann");
    bench.tick(4);
    bench.frames.length = 0;
    bench.put({ kind: "lostBase", connection: 1 });
    bench.tick(4);
    expect(bench.frames.map(({ reset, acked }) => [reset, acked])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test("a quiet player is told where it is once a second", () => {
    const bench = new LoopWorkbench();
    bench.enter(1, "ann");
    bench.tick(40);
    bench.frames.length = 0;
    bench.tick(60);
    expect(bench.frames.filter(({ acked }) => acked)).toHaveLength(3);
  });
});

test("a snapshot waits until the one before it is saved, then is of the tick that there is", () => {
  const bench = new LoopWorkbench();
  bench.isSavingSnapshot = true;
  bench.tick(450);
  expect(bench.snapshots).toEqual([]);
  bench.isSavingSnapshot = false;
  bench.tick(149);
  expect(bench.snapshots.map(({ tick }) => tick)).toEqual([451]);
  bench.tick(1);
  expect(bench.snapshots.map(({ tick }) => tick)).toEqual([451, 600]);
});

test("the state's hash is handed to storage once a second", () => {
  const bench = new LoopWorkbench();
  bench.tick(20);
  const hash = bench.world.hash();
  bench.enter(1, "ada");
  bench.tick(18);
  const told = bench.records.flatMap(({ tick, stateHash }) =>
    stateHash ? [[tick, stateHash]] : [],
  );
  expect(told).toEqual([
    [20, hash],
    [40, bench.world.hash()],
  ]);
});

test("every tick is handed to storage once and in order, with a snapshot every ten seconds", () => {
  const bench = new LoopWorkbench();
  bench.enter(1, "ann");
  bench.tick(400 - bench.loop.tick);
  expect(bench.records.map(({ tick }) => tick)).toEqual(
    Array.from({ length: 400 }, (_, i) => i + 1),
  );
  expect(bench.snapshots.map(({ tick }) => tick)).toEqual([200, 400]);
});

test("a command without content of this world is refused", () => {
  const bench = new LoopWorkbench();
  bench.enter(1, "ann");
  const message = create(InputSchema, { sequence: 1 });
  bench.put({ kind: "command", connection: 1, message });
  bench.tick();
  expect(bench.controls.at(-1)).toMatchObject({ kind: "reject", sequence: 1 });
  expect(bench.world.sequenceOf(bench.welcomeOf(1).entity)).toBe(1);
});
