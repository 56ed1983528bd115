import { describe, expect, test } from "bun:test";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Snapshot, SnapshotSchema } from "#proto/journal_pb.ts";
import { createLog } from "#shared/infra/log.ts";
import type { TickRecord } from "./loop/messages.ts";
import { checksumOfRecord, checksumOfSnapshot } from "./persistence/checksums.ts";
import { failureOf, recordOf, StoreFixture } from "./persistence/store.fixture.ts";
import { restoreWorld } from "./restore-world.ts";
import { arenaFactory } from "./world/arena/arena-shard-world.ts";
import type { ShardWorldFactory } from "./world/shard-world.ts";

const OPTIONS = { tickRate: 30, seed: 1, capacity: 100 };

/** A world of 95 ticks with snapshots of 0, 30, 60 and 90, and its hash every 10 ticks. */
class Bench implements AsyncDisposable {
  readonly store = new StoreFixture();
  readonly world = arenaFactory.create(OPTIONS);
  readonly lines: string[] = [];

  static async filled(): Promise<Bench> {
    const bench = new Bench();
    const store = await bench.store.open();
    const save = async () => {
      await store.saveSnapshot(bench.world.tick, await Bun.zstdCompress(bench.world.snapshot()));
    };
    await save();
    while (bench.world.tick < 95) {
      await store.write({ records: [bench.#run()], tickets: [], told: [] });
      if (bench.world.tick % 30 === 0) await save();
    }
    return bench;
  }

  async restore(tickRate = OPTIONS.tickRate, factory = arenaFactory) {
    const store = await this.store.open(0);
    return await restoreWorld(factory, await store.recover(), {
      ...OPTIONS,
      tickRate,
      log: createLog({ process: "shard", write: (line) => this.lines.push(line) }),
      databasePath: "here.db",
      recover: (request) => store.recover(request),
    });
  }

  /** Changes the state in a snapshot, as a fault of the program would: its checksum is right. */
  async changeSnapshot(tick: number, change: (snapshot: Snapshot) => void): Promise<void> {
    const [row = []] = await this.store.query(
      `SELECT epoch, saved_at_ms, journal_checksum, state FROM snapshots WHERE tick = ${tick}`,
    );
    const [epoch, savedAtMs, journalChecksum] = row.map(Number) as [number, number, number];
    const packed = new Uint8Array(row[3] as ArrayBuffer);
    const snapshot = fromBinary(SnapshotSchema, await Bun.zstdDecompress(packed));
    change(snapshot);
    const state = await Bun.zstdCompress(toBinary(SnapshotSchema, snapshot));
    const checksum = checksumOfSnapshot({ tick, epoch, savedAtMs, journalChecksum, state });
    await this.store.tamper({
      sql: "UPDATE snapshots SET checksum = ?, state = ? WHERE tick = ?",
      args: [checksum, state, tick],
    });
  }

  /** Takes the inputs out of the journal from a tick on; its chain is right. */
  async emptyJournal(from: number): Promise<void> {
    const rows = await this.store.query(
      `SELECT tick, epoch, state_hash, checksum FROM journal WHERE tick >= ${from - 1}`,
    );
    let previous = Number(rows[0]?.[3]);
    const statements = rows.slice(1).map(([tick, epoch, stateHash]) => {
      const inputs = new Uint8Array(0);
      const record = { tick: Number(tick), epoch: Number(epoch), inputs };
      previous = checksumOfRecord(previous, { ...record, stateHash: stateHash as string | null });
      return {
        sql: "UPDATE journal SET checksum = ?, inputs = ? WHERE tick = ?",
        args: [previous, inputs, record.tick],
      };
    });
    const sql = "UPDATE progress SET checksum = ?";
    await this.store.tamper(...statements, { sql, args: [previous] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
  }

  #run(): TickRecord {
    const { world } = this;
    const playerId = `player-${world.tick}`;
    if (world.tick % 4 === 0) world.inputs.join({ playerId, name: playerId, restored: undefined });
    const inputs = world.step();
    const stateHash = world.tick % 10 === 0 ? world.hash() : undefined;
    return recordOf(world.tick, { inputs, stateHash });
  }
}

test("a world comes back as it was, from its newest snapshot", async () => {
  await using bench = await Bench.filled();
  const world = await bench.restore();
  expect([world.tick, world.hash()]).toEqual([95, bench.world.hash()]);
  expect(bench.lines.join()).not.toContain("WRN");
});

describe("a snapshot that is not the state that was", () => {
  test("gives way to an earlier one; table, column and row are named", async () => {
    await using bench = await Bench.filled();
    await bench.changeSnapshot(90, ({ tables }) => {
      const names = tables[0]?.columns.find(({ name }) => name === "name");
      if (names?.values.case === "strings") names.values.value.values[3] = "Eve";
    });
    const world = await bench.restore();
    expect([world.tick, world.hash()]).toEqual([95, bench.world.hash()]);
    const log = bench.lines.join("\n");
    expect(log).toContain("the snapshot of tick 90 is not the state that was: its hash is ");
    expect(log).toContain("the shard starts from the snapshot of tick 60");
    expect(log).toContain(
      'in the snapshot of tick 90: table players, column name, row 3: "Eve", was "player-12"',
    );
  });

  test("gives way when it cannot be read at all", async () => {
    await using bench = await Bench.filled();
    await bench.changeSnapshot(90, ({ tables }) => tables.pop());
    await bench.changeSnapshot(60, ({ tables }) => tables[0]?.columns.pop());
    const world = await bench.restore();
    expect([world.tick, world.hash()]).toEqual([95, bench.world.hash()]);
    expect(bench.lines.join()).toContain("the shard starts from the snapshot of tick 30");
  });

  test("is refused when there is none before it", async () => {
    await using bench = await Bench.filled();
    for (const tick of [30, 60, 90]) {
      await bench.changeSnapshot(tick, ({ tables }) => tables.pop());
    }
    const { message } = await failureOf(bench.restore());
    expect(message).toContain("it has no whole snapshot from before tick 30");
    expect(message).toContain("Put a backup in its place");
  });

  test("is refused when a newer version wrote it", async () => {
    await using bench = await Bench.filled();
    await bench.changeSnapshot(90, (snapshot) => {
      snapshot.schemaVersion = 99;
    });
    const { message } = await failureOf(bench.restore());
    expect(message).toContain("cannot restore world from here.db, tick 90: ");
    expect(message).toContain("schema version is 99");
    expect(message).toContain("run the release that wrote it or a newer one");
  });

  test("is refused when a version too old for this one wrote it", async () => {
    await using bench = await Bench.filled();
    await bench.changeSnapshot(90, (snapshot) => {
      snapshot.schemaVersion = 0;
    });
    const { message } = await failureOf(bench.restore());
    expect(message).toContain("schema version is 0, this program reads 1");
    expect(message).toContain("or move the database away to start the world anew");
  });
});

test("a journal that leads elsewhere is refused with the first tick that differs", async () => {
  await using bench = await Bench.filled();
  await bench.changeSnapshot(90, ({ tables }) => tables.pop());
  await bench.emptyJournal(72);
  const { message } = await failureOf(bench.restore());
  expect(message).toContain("after tick 80 its state is not what it was");
  expect(message).toContain("up to tick 70 it is");
  expect(message).toContain("start the version of Tessera that did, stop it in order");
});

/** An arena whose rules let nobody in. */
const otherRules: ShardWorldFactory = {
  ...arenaFactory,
  restore(snapshot, options) {
    const world = arenaFactory.restore(snapshot, options);
    const { replay } = world;
    world.replay = (inputs) => {
      replay.call(world, world.tick % 4 === 0 ? new Uint8Array(0) : inputs);
    };
    return world;
  },
};

test("other rules are refused with the first tick and the table in which they differ", async () => {
  await using bench = await Bench.filled();
  await bench.changeSnapshot(90, ({ tables }) => tables.pop());
  const { message } = await failureOf(bench.restore(OPTIONS.tickRate, otherRules));
  expect(message).toContain("after tick 70 its state is not what it was");
  expect(message).toContain(
    "from tick 30 to 60 it differs as well, in table players, rows: 8, was 15. The rules are not",
  );
});

test("another tick rate than the world's is refused", async () => {
  await using bench = await Bench.filled();
  const { message } = await failureOf(bench.restore(60));
  expect(message).toContain(
    "cannot use TESSERA_TICK_RATE=60: the world in here.db was made with 30",
  );
});
