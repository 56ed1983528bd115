import { describe, expect, test } from "bun:test";
import { CopyArea } from "#shared/sim/index.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { until } from "#shared/testing/until.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { ShardStore } from "./shard-store.ts";
import { StorageError } from "./storage-error.ts";
import { DATABASE_ID, recordOf, StoreFixture } from "./store.fixture.ts";
import type { Store, StoreBatch, StoreOptions } from "./store.ts";
import { StoreService } from "./store-service.ts";

const FULL = () => new StorageError("passing", "cannot write shard database: the disk is full");

/** A service over a real database whose writes fail as a test says. */
class Bench implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly answers: FromWorker[] = [];
  readonly batches: StoreBatch[] = [];
  readonly #fixture = new StoreFixture();
  readonly service: StoreService;
  /** What the next writes and snapshots meet; undefined lets one through. */
  writeFaults: (StorageError | undefined)[] = [];
  snapshotFault: StorageError | undefined;
  checkFault: StorageError | undefined;
  /** Pages that were looked at beside the commits. */
  checks = 0;
  /** How many there are to be looked at. */
  pages = 1;
  #held: PromiseWithResolvers<void> | undefined;
  #store: Store | undefined;

  constructor() {
    this.service = new StoreService({
      open: (options) => this.#open(options),
      clock: this.clock,
      makeId: () => DATABASE_ID,
      answer: (message) => this.answers.push(message),
      soon: (action) => setImmediate(action),
    });
  }

  /** Opened and owned. */
  static async start(pages = 1): Promise<Bench> {
    const bench = new Bench();
    bench.pages = pages;
    const { path } = bench.#fixture;
    const identity = { path, shardKey: "arena:1:eu-west-1", world: "arena", tickRate: 30 };
    bench.send({ kind: "open", ...identity });
    await bench.next("recovered");
    bench.send({ kind: "own", epoch: 1 });
    await bench.next("owned");
    return bench;
  }

  send(message: ToWorker): void {
    this.service.receive(message);
  }

  commit(...ticks: number[]): void {
    for (const tick of ticks) this.send({ kind: "commit", record: recordOf(tick) });
  }

  snapshot(ticks = 0): void {
    const world = arenaFactory.create({ tickRate: 30, seed: 1, capacity: 10 });
    for (let tick = 0; tick < ticks; tick++) world.step();
    const area = new CopyArea((bytes: number) => new SharedArrayBuffer(bytes));
    this.send({ kind: "snapshot", copy: world.copySnapshot(area), area: area.buffer });
  }

  /** Takes the first answer of a kind, once it is there. */
  async next<Kind extends FromWorker["kind"]>(
    kind: Kind,
  ): Promise<Extract<FromWorker, { kind: Kind }>> {
    const answer = await until(`answer ${kind}`, () => {
      return this.answers.find((one) => one.kind === kind);
    });
    this.answers.splice(this.answers.indexOf(answer), 1);
    return answer as Extract<FromWorker, { kind: Kind }>;
  }

  /** Lets the next write wait until the result is called. */
  hold(): () => void {
    const held = Promise.withResolvers<void>();
    this.#held = held;
    return held.resolve;
  }

  ticks(): number[][] {
    return this.batches.map(({ records }) => records.map(({ tick }) => tick));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store?.close();
    await this.#fixture[Symbol.asyncDispose]();
  }

  async #checkOn(store: Store): Promise<boolean> {
    this.checks += 1;
    if (this.checkFault !== undefined) throw this.checkFault;
    return this.checks < this.pages || (await store.checkOn());
  }

  async #open(options: StoreOptions): Promise<Store> {
    const store = await ShardStore.open(options);
    this.#store = store;
    return {
      get tick() {
        return store.tick;
      },
      recover: (request) => store.recover(request),
      verify: () => store.verify(),
      checkOn: () => this.#checkOn(store),
      readLasting: () => store.readLasting(),
      own: (epoch) => store.own(epoch),
      load: (request, fresh) => store.load(request, fresh),
      readOutbox: (count) => store.readOutbox(count),
      close: () => store.close(),
      write: async (batch) => {
        await this.#held?.promise;
        this.#held = undefined;
        const fault = this.writeFaults.shift();
        if (fault !== undefined) throw fault;
        this.batches.push(batch);
        return await store.write(batch);
      },
      saveSnapshot: async (tick, state) => {
        if (this.snapshotFault !== undefined) throw this.snapshotFault;
        await store.saveSnapshot(tick, state);
      },
    };
  }
}

describe("a group commit", () => {
  test("takes all ticks that wait, and tells of the last one", async () => {
    await using bench = await Bench.start();
    const release = bench.hold();
    bench.commit(1);
    await new Promise(setImmediate);
    bench.commit(2, 3, 4);
    release();
    expect(await bench.next("committed")).toMatchObject({ tick: 1 });
    expect(await bench.next("committed")).toMatchObject({ tick: 4 });
    expect(bench.ticks()).toEqual([[1], [2, 3, 4]]);
  });

  test("comes before the loads that were asked for after it", async () => {
    await using bench = await Bench.start();
    const state = new Uint8Array([1, 2]);
    const record = recordOf(1, { departed: [{ playerId: "ann", state }] });
    bench.send({ kind: "commit", record });
    const load = { connection: 5, playerId: "ann", ticket: { id: "t", expiresMs: 9e15 } };
    bench.send({ kind: "load", request: load });
    bench.send({ kind: "load", request: { ...load, connection: 6 } });
    expect(await bench.next("loaded")).toMatchObject({ connection: 5, ticketFresh: true, state });
    expect(await bench.next("loaded")).toMatchObject({ connection: 6, ticketFresh: false });
    expect(bench.batches).toHaveLength(1);
  });
});

test("a crowd that is read comes in groups, and ticks are committed in between", async () => {
  await using bench = await Bench.start();
  bench.commit(1);
  for (let connection = 1; connection <= 40; connection++) {
    const request = { connection, playerId: `player-${connection}`, ticket: undefined };
    bench.send({ kind: "load", request });
  }
  let tick = 1;
  while (bench.answers.filter(({ kind }) => kind === "loaded").length < 40) {
    bench.commit(++tick);
    await new Promise(setImmediate);
  }
  const kinds = bench.answers.map(({ kind }) => kind).join(" ");
  const groups = kinds.split("committed").map((group) => group.trim().split(" "));
  const longest = Math.max(...groups.map(({ length }) => length));
  expect(longest).toBeLessThanOrEqual(16);
});

describe("a disk that fails for a while", () => {
  test("keeps what waits, and is tried again ever less often", async () => {
    await using bench = await Bench.start();
    bench.writeFaults = Array.from({ length: 7 }, FULL);
    bench.commit(1);
    const load = { connection: 5, playerId: "ann", ticket: { id: "t", expiresMs: 9e15 } };
    bench.send({ kind: "load", request: load });
    for (const waitMs of [100, 200, 400, 800, 1_600, 2_000, 2_000]) {
      const { reason } = await bench.next("trouble");
      expect(reason).toContain("the disk is full");
      await until("the wait", () => bench.clock.pending === 1);
      bench.commit(bench.writeFaults.length + 100);
      bench.clock.advance(waitMs - 1);
      await new Promise(setImmediate);
      expect(bench.answers).toEqual([]);
      bench.clock.advance(1);
    }
  });

  test("goes on by itself, with what came meanwhile; a ticket is fresh still", async () => {
    await using bench = await Bench.start();
    bench.writeFaults = [FULL()];
    bench.commit(1);
    const load = { connection: 5, playerId: "ann", ticket: { id: "t", expiresMs: 9e15 } };
    bench.send({ kind: "load", request: load });
    await bench.next("trouble");
    bench.commit(2, 3);
    await until("the wait", () => bench.clock.pending === 1);
    bench.clock.advance(100);
    expect(await bench.next("committed")).toMatchObject({ tick: 3 });
    expect(await bench.next("loaded")).toMatchObject({ connection: 5, ticketFresh: true });
    bench.commit(4);
    expect(await bench.next("committed")).toMatchObject({ tick: 4 });
  });

  test("a snapshot that finds no room waits, commits go on", async () => {
    await using bench = await Bench.start();
    bench.snapshot();
    await bench.next("saved");
    bench.commit(1);
    await bench.next("committed");
    bench.snapshotFault = FULL();
    bench.snapshot(1);
    expect(await bench.next("unsaved")).toMatchObject({ tick: 1 });
    bench.commit(2);
    expect(await bench.next("committed")).toMatchObject({ tick: 2 });
    bench.snapshotFault = undefined;
    bench.commit(3);
    await bench.next("committed");
    expect(bench.answers).toEqual([]);
    bench.clock.advance(2_000);
    bench.commit(4);
    expect(await bench.next("saved")).toMatchObject({ tick: 1 });
  });

  test("a new world has its first snapshot before its first tick", async () => {
    await using bench = await Bench.start();
    bench.snapshotFault = FULL();
    bench.snapshot();
    bench.commit(1);
    await bench.next("trouble");
    await until("the wait", () => bench.clock.pending === 1);
    expect(bench.batches).toEqual([]);
    bench.snapshotFault = undefined;
    bench.clock.advance(100);
    await bench.next("saved");
    expect(await bench.next("committed")).toMatchObject({ tick: 1 });
  });
});

describe("the end", () => {
  test("a close waits for all that was handed over", async () => {
    await using bench = await Bench.start();
    const release = bench.hold();
    bench.commit(1, 2);
    bench.snapshot(2);
    bench.send({ kind: "close" });
    release();
    await bench.next("closed");
    expect(bench.answers.map(({ kind }) => kind)).toEqual(["committed", "saved"]);
  });

  test("a close does not wait for a disk for ever, and says what is lost", async () => {
    await using bench = await Bench.start();
    bench.writeFaults = Array.from({ length: 100 }, FULL);
    bench.commit(1, 2);
    await bench.next("trouble");
    bench.send({ kind: "close" });
    for (let waited = 0; waited < 3_000; waited += 100) {
      await bench.next("trouble");
      await until("the wait", () => bench.clock.pending === 1);
      bench.clock.advance(100);
    }
    const { message, stage } = await bench.next("failed");
    expect(stage).toBe("write");
    expect(message).toContain("the disk is full; the last 2 ticks, which nobody was told of");
  });

  test("a later owner's record is the end at once", async () => {
    await using bench = await Bench.start();
    bench.writeFaults = [new StorageError("fatal", "a later owner has written to it")];
    bench.commit(1);
    expect(await bench.next("failed")).toMatchObject({
      message: "a later owner has written to it",
      stage: "write",
    });
    bench.commit(2);
    await new Promise(setImmediate);
    expect(bench.answers).toEqual([]);
  });
});

describe("the outbox", () => {
  const message = (id: string) => ({ id, topic: "players", message: new Uint8Array([1]) });
  const outbox = (tick: number, ...ids: string[]): ToWorker => ({
    kind: "commit",
    record: recordOf(tick, { outbox: ids.map(message) }),
  });

  test("is told after the commit; the next ones when these were told and deleted", async () => {
    await using bench = await Bench.start();
    bench.send(outbox(1, "a", "b"));
    await bench.next("committed");
    const { messages } = await bench.next("outbox");
    expect(messages.map(({ id }) => id)).toEqual(["a", "b"]);
    bench.send(outbox(2, "c"));
    await bench.next("committed");
    expect(bench.answers).toEqual([]);
    bench.send({ kind: "told", ids: ["a", "b"] });
    bench.commit(3);
    expect((await bench.next("outbox")).messages).toEqual([message("c")]);
  });
});

describe("what a start left out", () => {
  test("is looked at page by page until there is no more", async () => {
    await using bench = await Bench.start(3);
    for (const page of [1, 2, 3]) {
      await until("a page", () => bench.checks === page);
      await until("a wait", () => bench.clock.pending === (page < 3 ? 1 : 0));
      bench.clock.advance(100);
    }
    expect(bench.checks).toBe(3);
  });

  test("ends the service when it is damaged, and not when the disk fails once", async () => {
    await using bench = await Bench.start(9);
    bench.checkFault = FULL();
    for (const page of [2, 3]) {
      await until("a wait", () => bench.clock.pending === 1);
      bench.clock.advance(100);
      await until("a page", () => bench.checks === page);
      bench.checkFault = new StorageError("fatal", "cannot read shard database: a row is damaged");
    }
    expect(await bench.next("failed")).toMatchObject({ message: bench.checkFault?.message ?? "" });
  });
});
