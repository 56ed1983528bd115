import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { TickRecord } from "../../../shards/loop/messages.ts";
import { ShardStore } from "../../../shards/persistence/shard-store.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { cutPower, type DiskState } from "../power/disk-image.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";

const PLAYER = "ann";
/** Commits in one life of a database, a snapshot every so many of them. */
const COMMITS = 200;
const SNAPSHOT_EVERY = 9;
const INPUT_BYTES_MAX = 20_000;

interface PowerParams extends Params {
  readonly images: number;
  /** Commits whose sync the disk only claims: 0 is an honest one, any other must break the bars. */
  readonly lies: number;
}

/** Cuts the power between two commits: unsynced writes are dropped, mixed or torn. */
export const power = defineExperiment<PowerParams>({
  name: "power",
  work:
    "the power is cut while a shard's database is written, and of what was not synced any part " +
    "may be missing or torn: it opens, and all that was confirmed is there",
  params: { images: 200, lies: 0 },
  bars: () => [
    { metric: "refused", op: "==", bound: 0 },
    { metric: "ticksLost", op: "==", bound: 0 },
    { metric: "recordsWrong", op: "==", bound: 0 },
    { metric: "answersLost", op: "==", bound: 0 },
  ],
  run: runPower,
});

interface Tally {
  trials: number;
  refused: number;
  ticksLost: number;
  recordsWrong: number;
  answersLost: number;
  /** Images on which the commit that was under way is there, and on which it is not. */
  unconfirmedThere: number;
  unconfirmedGone: number;
  /** Images between whose two states the log was written into the database. */
  checkpoints: number;
}

async function runPower(run: ExperimentRun<PowerParams>): Promise<Figures> {
  const { params, clock, seed, say } = run;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), "tessera-power-"));
  const tally: Tally = {
    trials: 0,
    refused: 0,
    ticksLost: 0,
    recordsWrong: 0,
    answersLost: 0,
    unconfirmedThere: 0,
    unconfirmedGone: 0,
    checkpoints: 0,
  };
  try {
    for (let life = 0; tally.trials < params.images; life += 1) {
      await liveOnce({ folder: join(folder, `life-${life}`), clock, random, tally, params });
      if (life % 5 === 4) say(`${tally.trials} of ${params.images} images`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...tally };
}

interface Life {
  folder: string;
  clock: Clock;
  random: Random;
  tally: Tally;
  params: PowerParams;
}

/** One database from its creation on; between any two confirmed commits the power is cut. */
async function liveOnce(life: Life): Promise<void> {
  const { folder, clock, random, tally, params } = life;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "shard.db");
  const store = await openStore(path, clock);
  await store.own(1);
  await store.saveSnapshot(0, Bun.zstdCompressSync(new Uint8Array([0])));
  const records: TickRecord[] = [];
  const states = [readDisk(path)];
  for (let commit = 1; commit <= COMMITS && tally.trials < params.images; commit += 1) {
    const confirmed = records.length;
    const group = makeRecords(confirmed + 1, 1 + random.below(3), random);
    await store.write({ records: group, tickets: [], told: [] });
    records.push(...group);
    if (commit % SNAPSHOT_EVERY === 0) {
      await store.saveSnapshot(records.length, Bun.zstdCompressSync(randomBytes(2_000, random)));
    }
    const after = readDisk(path);
    const before = states[0] ?? after;
    if (Buffer.compare(before.database, after.database) !== 0) tally.checkpoints += 1;
    const place = join(folder, "image");
    writeDisk(place, cutPower(before, after, random));
    await judge({ path: join(place, "shard.db"), confirmed, records }, life);
    rmSync(place, { recursive: true, force: true });
    states.push(after);
    if (states.length > params.lies + 1) states.shift();
  }
  await store.close();
}

/** Opens what the power cut left and compares it with what was confirmed. */
async function judge(
  image: { path: string; confirmed: number; records: readonly TickRecord[] },
  { clock, tally }: Life,
): Promise<void> {
  const { path, confirmed, records } = image;
  tally.trials += 1;
  let store: ShardStore;
  try {
    store = await openStore(path, clock);
  } catch {
    tally.refused += 1;
    return;
  }
  try {
    const { journal } = await store.recover();
    if (store.tick < confirmed) tally.ticksLost += confirmed - store.tick;
    if (store.tick > confirmed) tally.unconfirmedThere += 1;
    else tally.unconfirmedGone += 1;
    for (const { tick, inputs } of journal) {
      const written = records[tick - 1]?.inputs ?? new Uint8Array(0);
      if (Buffer.compare(inputs, written) !== 0) tally.recordsWrong += 1;
    }
    const { answers } = await store.load(
      { connection: 1, playerId: PLAYER, ticket: undefined },
      true,
    );
    const kept = new Set(answers.map(({ actionId }) => Buffer.from(actionId).toString("hex")));
    for (const record of records.slice(Math.max(0, confirmed - 20), confirmed)) {
      for (const { actionId } of record.answers) {
        if (!kept.has(Buffer.from(actionId).toString("hex"))) tally.answersLost += 1;
      }
    }
  } catch {
    tally.refused += 1;
  } finally {
    await store.close();
  }
}

function openStore(path: string, clock: Clock): Promise<ShardStore> {
  return ShardStore.open({
    path,
    shardKey: "arena:1:eu-west-1",
    world: "arena",
    tickRate: 30,
    clock,
    makeId: () => "00000000-0000-4000-8000-000000000000",
  });
}

function makeRecords(firstTick: number, count: number, random: Random): TickRecord[] {
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

function readDisk(path: string): DiskState {
  return { database: readFileSync(path), log: readLog(path) };
}

function readLog(path: string): Uint8Array {
  try {
    return readFileSync(`${path}-wal`);
  } catch {
    return new Uint8Array(0);
  }
}

function writeDisk(folder: string, { database, log }: DiskState): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "shard.db"), database);
  if (log.length > 0) writeFileSync(join(folder, "shard.db-wal"), log);
}

function randomBytes(length: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = random.below(256);
  return bytes;
}
