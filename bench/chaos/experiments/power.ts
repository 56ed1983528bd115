import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, type Random } from "#shared/sim/index.ts";
import type { TickRecord } from "../../../shards/loop/messages.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { openScratchFolder } from "../../run/scratch-folder.ts";
import { describeCut, type PowerCut } from "../power/describe-cut.ts";
import { cutPower, type DiskState, isEqual, isLogBegunAgain } from "../power/disk-image.ts";
import { type ImageVerdict, judgeImage } from "../power/judge-image.ts";
import { makeRecords, openStore, randomBytes } from "../power/shard-life.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";

/** Commits in one life of a database, a snapshot every so many of them. */
const COMMITS = 200;
const SNAPSHOT_EVERY = 9;
/** Images between two copies; many where the log was written into the database, or begun again. */
const CUTS = 1;
const CUTS_AT_CHECKPOINT = 20;
/** Images that are described when they are not as they must be; the others are counted. */
const TOLD_MAX = 3;

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
  /** Images between whose two states the log was begun again. */
  logsBegunAgain: number;
}

async function runPower(run: ExperimentRun<PowerParams>): Promise<Figures> {
  const { params, seed, say } = run;
  const random = createRandom(seed);
  using scratch = openScratchFolder("power");
  const tally: Tally = {
    trials: 0,
    refused: 0,
    ticksLost: 0,
    recordsWrong: 0,
    answersLost: 0,
    unconfirmedThere: 0,
    unconfirmedGone: 0,
    checkpoints: 0,
    logsBegunAgain: 0,
  };
  const told = { images: 0 };
  for (let life = 0; tally.trials < params.images; life += 1) {
    await liveOnce({ folder: join(scratch.path, `life-${life}`), random, tally, told, run });
    if (life % 5 === 4) say(`${tally.trials} of ${params.images} images`);
  }
  return { ...tally };
}

interface Life {
  folder: string;
  random: Random;
  tally: Tally;
  told: { images: number };
  run: ExperimentRun<PowerParams>;
}

/** One database from its creation on; between any two confirmed commits the power is cut. */
async function liveOnce(life: Life): Promise<void> {
  const { folder, random, tally, run } = life;
  const { params, clock } = run;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "shard.db");
  const store = await openStore(path, clock);
  await store.own(1);
  await store.saveSnapshot(0, Bun.zstdCompressSync(new Uint8Array([0])));
  const records: TickRecord[] = [];
  const states = [readDisk(path)];
  for (let commit = 1; commit <= COMMITS && tally.trials < params.images; commit += 1) {
    const confirmed = records.length;
    // One transaction between two copies: of several, all but the last are confirmed as well.
    if (commit % SNAPSHOT_EVERY === 0) {
      await store.saveSnapshot(confirmed, Bun.zstdCompressSync(randomBytes(2_000, random)));
    } else {
      const group = makeRecords(confirmed + 1, 1 + random.below(3), random);
      await store.write({ records: group, tickets: [], told: [] });
      records.push(...group);
    }
    const after = readDisk(path);
    const before = states[0] ?? after;
    await cutBetween({ before, after, confirmed, records }, life);
    states.push(after);
    if (states.length > params.lies + 1) states.shift();
  }
  await store.close();
}

/** Cuts the power on the way from one confirmed state to the next. */
async function cutBetween(
  written: { before: DiskState; after: DiskState; confirmed: number; records: TickRecord[] },
  life: Life,
): Promise<void> {
  const { before, after, confirmed, records } = written;
  const { folder, random, tally, run } = life;
  const isCheckpoint = !isEqual(before.database, after.database);
  const cuts = isCheckpoint || isLogBegunAgain(before, after) ? CUTS_AT_CHECKPOINT : CUTS;
  for (let index = 0; index < cuts && tally.trials < run.params.images; index += 1) {
    const cut = { before, after, image: cutPower(before, after, random) };
    const place = join(folder, "image");
    writeDisk(place, cut.image);
    const image = { path: join(place, "shard.db"), confirmed, records };
    const verdict = await judgeImage(image, run.clock);
    rmSync(place, { recursive: true, force: true });
    count(life, { cut, verdict, confirmed });
  }
}

interface Judged {
  cut: PowerCut;
  verdict: ImageVerdict;
  confirmed: number;
}

function count({ tally, told, run }: Life, { cut, verdict, confirmed }: Judged): void {
  const { before, after } = cut;
  const { refused, tick, ticksLost, recordsWrong, answersLost } = verdict;
  tally.trials += 1;
  if (!isEqual(before.database, after.database)) tally.checkpoints += 1;
  if (isLogBegunAgain(before, after)) tally.logsBegunAgain += 1;
  tally.ticksLost += ticksLost;
  tally.recordsWrong += recordsWrong;
  tally.answersLost += answersLost;
  if (refused !== undefined) tally.refused += 1;
  else if (tick > confirmed) tally.unconfirmedThere += 1;
  else tally.unconfirmedGone += 1;
  const isSound = refused === undefined && ticksLost + recordsWrong + answersLost === 0;
  if (isSound || told.images === TOLD_MAX) return;
  told.images += 1;
  run.say(
    `image ${tally.trials} of seed ${run.seed}: ` +
      (refused ??
        `has tick ${tick}, ${confirmed} was confirmed; ${recordsWrong} records are wrong, ` +
          `${answersLost} answers lost`),
  );
  for (const line of describeCut(cut)) run.say(`  ${line}`);
}

function readDisk(path: string): DiskState {
  return { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
}

function writeDisk(folder: string, { database, log }: DiskState): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "shard.db"), database);
  writeFileSync(join(folder, "shard.db-wal"), log);
}
