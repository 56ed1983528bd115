// The loop's end and the real Worker, over real files.
import { describe, expect, test } from "bun:test";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { EarlyThread } from "../early-thread.ts";
import type { LoadedMessage, OutboxMessage } from "../loop/messages.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import { Persistence, type PersistenceOptions } from "./persistence.ts";
import { canMount, mountSmallDisk } from "./small-disk.fixture.ts";
import { recordOf } from "./store.fixture.ts";

const FAILING_WORKER = new URL("./failing-worker.fixture.ts", import.meta.url);

/** One persistence after the other over one file. */
class Bench implements AsyncDisposable {
  readonly #folder = createTempDir();
  path: string;
  readonly loaded: LoadedMessage[] = [];
  readonly outbox: OutboxMessage[] = [];
  readonly failures: string[] = [];
  readonly warnings: string[] = [];
  #persistence: Persistence | undefined;

  constructor(folder?: string) {
    this.path = join(folder ?? this.#folder.path, "shard.db");
  }

  async open(options: Partial<PersistenceOptions> = {}) {
    await this.#persistence?.close();
    const { persistence, recovery } = await Persistence.open({
      path: this.path,
      shardKey: "arena:1:eu-west-1",
      world: "arena",
      tickRate: 30,
      clock: systemClock,
      loaded: (message) => this.loaded.push(message),
      committed: () => {},
      outbox: (messages) => this.outbox.push(...messages),
      warned: (message) => this.warnings.push(message),
      failed: (message) => this.failures.push(message),
      ...options,
    });
    await persistence.own(recovery.database.epoch + 1);
    if (recovery.snapshot === undefined) {
      persistence.snapshot(arenaFactory.create({ tickRate: 30, seed: 1, capacity: 10 }));
    }
    this.#persistence = persistence;
    return { persistence, recovery };
  }

  /** As if the process had died: what is in its files goes on in others, without its lock. */
  crash(): void {
    this.#persistence?.crash();
    const left = this.path;
    this.path = `${left}.left`;
    for (const companion of ["", "-wal"]) {
      copyFileSync(`${left}${companion}`, `${this.path}${companion}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#persistence?.close();
    this.#folder[Symbol.dispose]();
  }
}

const message = (id: string) => ({ id, topic: "players", message: new Uint8Array([1]) });

test("what was not told when the process died is told after the restart", async () => {
  await using bench = new Bench();
  const first = await bench.open();
  first.persistence.commit(recordOf(1, { outbox: [message("a"), message("b")] }));
  await until("the outbox", () => bench.outbox.length === 2);
  bench.crash();
  bench.outbox.length = 0;
  const second = await bench.open();
  second.persistence.commit(recordOf(2));
  await until("the outbox", () => bench.outbox.length === 2);
  expect(bench.outbox).toEqual([message("a"), message("b")]);
  second.persistence.told(["a"]);
  second.persistence.commit(recordOf(3));
  const third = await bench.open();
  bench.outbox.length = 0;
  third.persistence.commit(recordOf(4));
  await until("the outbox", () => bench.outbox.length > 0);
  expect(bench.outbox).toEqual([message("b")]);
});

test("a start that has to begin earlier may ask for it", async () => {
  await using bench = new Bench();
  const { persistence } = await bench.open();
  for (let tick = 1; tick <= 3; tick++) persistence.commit(recordOf(tick));
  const again = await bench.open();
  const { snapshot, journal, tick } = await again.persistence.recover({ atTick: 2 });
  expect([snapshot?.tick, journal.map((one) => one.tick), tick]).toEqual([0, [1, 2], 2]);
});

describe("a disk that fails for a while", () => {
  test("stops nothing: ticks wait, the state says why, and it goes on by itself", async () => {
    await using bench = new Bench();
    const { persistence } = await bench.open({
      thread: new EarlyThread(FAILING_WORKER, "persistence"),
    });
    persistence.commit(recordOf(1));
    await until("the commit", () => persistence.committedTick === 1);
    expect(persistence.disk).toEqual({ state: "ok", reason: "" });
    writeFileSync(`${bench.path}.fails`, "cannot write: the disk reports an error");
    for (let tick = 2; tick <= 50; tick++) persistence.commit(recordOf(tick));
    await until("the trouble", () => persistence.disk.state === "stalled");
    expect(persistence.disk.reason).toBe("cannot write: the disk reports an error");
    expect(persistence.uncommittedTicks).toBe(49);
    rmSync(`${bench.path}.fails`);
    await until("the commit", () => persistence.uncommittedTicks === 0);
    expect(persistence.disk.state).not.toBe("stalled");
    expect(bench.warnings).toHaveLength(1);
    expect(bench.failures).toEqual([]);
    expect((await bench.open()).recovery.tick).toBe(50);
  });

  test("a full one: nothing is lost, nothing is said to be saved", async () => {
    await using disk = await openSmallDisk();
    await using bench = new Bench(disk.path);
    const { persistence } = await bench.open({ thread: disk.thread });
    const inputs = new Uint8Array(20_000);
    for (let tick = 1; tick <= 100; tick++) {
      if (tick === 50) await disk.fill();
      persistence.commit(recordOf(tick, { inputs }));
    }
    await until("the trouble", () => persistence.disk.state === "stalled");
    expect(persistence.disk.reason).toContain("the disk is full; free space on it");
    expect(persistence.committedTick).toBeLessThan(100);
    await disk.grow();
    await until("the commit", () => persistence.uncommittedTicks === 0);
    const { recovery } = await bench.open();
    expect([recovery.tick, recovery.journal.length]).toEqual([100, 100]);
    expect(bench.failures).toEqual([]);
  });
});

/** A disk that is really full where a test may mount one, else a Worker that takes it for full. */
async function openSmallDisk() {
  if (canMount()) {
    const disk = await mountSmallDisk();
    return { ...disk, thread: undefined, fill: async () => {} };
  }
  const folder = createTempDir();
  const fails = join(folder.path, "shard.db.fails");
  return {
    path: folder.path,
    thread: new EarlyThread(FAILING_WORKER, "persistence"),
    fill: () => Bun.write(fails, "cannot write: the disk is full; free space on it"),
    grow: async () => rmSync(fails),
    [Symbol.asyncDispose]: async () => folder[Symbol.dispose](),
  };
}
