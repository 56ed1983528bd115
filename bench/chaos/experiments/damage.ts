import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "#shared/infra/db/database.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { writeSilently } from "../../../shards/testing/write-silently.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { openScratchFolder } from "../../run/scratch-folder.ts";
import type { DamageKind, RowDamage } from "../damage/damage-kind.ts";
import { fileDamages } from "../damage/file-damages.ts";
import { judge, type Verdict } from "../damage/judge.ts";
import { type DatabaseImage, type Lab, makeLab } from "../damage/lab.ts";
import { rowDamages } from "../damage/row-damages.ts";
import { SqlReader } from "../damage/sql-reader.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";

const KINDS: readonly DamageKind[] = [...rowDamages, ...fileDamages];
/** How many ways of damage there are: a series of as many mutants has each once. */
export const DAMAGE_KINDS = KINDS.length;
/** Chance may lead to no change; then it is asked again. */
const ATTEMPTS_MAX = 50;
/** Failures that are told one by one. */
const TOLD_MAX = 20;

interface DamageParams extends Params {
  readonly mutants: number;
  /** Number of the first; each has its kind and its chance from its number. */
  readonly first: number;
  /** In the database's life. */
  readonly ticks: number;
  readonly snapshotEvery: number;
  /** 1: rows are changed with their triggers, as by the shard itself, and the bars must break. */
  readonly withTriggers: number;
}

/** Damages copies of a shard's database, one way each, and starts from them. */
export const damage = defineExperiment<DamageParams>({
  name: "damage",
  work:
    "snapshots, journal, all other rows and the files themselves are cut off, flipped, " +
    "exchanged, emptied, lost or of another time: it is found and named, or what is left is " +
    "exactly what was",
  params: { mutants: 2_000, first: 0, ticks: 3_300, snapshotEvery: 1_000, withTriggers: 0 },
  bars: ({ mutants }) => [
    { metric: "trials", op: ">=", bound: mutants },
    { metric: "detectedPercent", op: ">=", bound: 100 },
    { metric: "wrong", op: "==", bound: 0 },
    { metric: "broken", op: "==", bound: 0 },
    { metric: "unnamed", op: "==", bound: 0 },
    { metric: "rowsUnseen", op: "==", bound: 0 },
  ],
  run: runDamage,
});

async function runDamage(run: ExperimentRun<DamageParams>): Promise<Figures> {
  const { params, clock, seed, say } = run;
  const { mutants, first } = params;
  using scratch = openScratchFolder("damage");
  const tally = new Tally(say);
  const lab = await makeLab({ ...params, folder: join(scratch.path, "lab"), clock, seed });
  for (let number = first; number < first + mutants; number += 1) {
    const kind = KINDS[number % KINDS.length];
    if (kind === undefined) throw new Error("cannot damage: there are no kinds");
    const place = join(scratch.path, `mutant-${number}`);
    const random = createRandom(Math.imul(seed, 1_000_003) + number);
    const write = params.withTriggers === 0 ? writeSilently : writeAsShard;
    const path = await makeMutant({ kind, place, lab, random, write });
    tally.add({ number, kind }, await judge(path, lab.truth, clock));
    rmSync(place, { recursive: true, force: true });
    if ((number + 1) % 250 === 0) say(`${number + 1} of ${mutants} mutants`);
  }
  return tally.figures();
}

interface Mutant {
  kind: DamageKind;
  place: string;
  lab: Lab;
  random: Random;
  /** Changes rows. */
  write: typeof writeSilently;
}

async function makeMutant(mutant: Mutant): Promise<string> {
  const { kind, place, lab, random } = mutant;
  mkdirSync(place, { recursive: true });
  const path = join(place, "shard.db");
  if (kind.kind === "files") {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const image = kind.apply(lab, random);
      if (isSame(image, lab.closed) || isSame(image, lab.killed)) continue;
      writeImage(path, image);
      return path;
    }
    throw new Error(`cannot damage: ${kind.name} changes nothing`);
  }
  writeImage(path, lab.closed);
  await damageRows(path, { ...mutant, kind });
  return path;
}

async function damageRows(
  path: string,
  { kind, lab, random, write }: Mutant & { kind: RowDamage },
): Promise<void> {
  await using database = await openDatabase({ place: path, schema: {} });
  const reader = new SqlReader(database, random);
  let last: unknown;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const statements = await kind.statements(reader, random, lab);
    if (statements === undefined) continue;
    try {
      return await write(database, statements);
    } catch (error) {
      // A key that is there already, or what a column does not take.
      last = error;
    }
  }
  throw new Error(`cannot damage: ${kind.name} changes nothing`, { cause: last });
}

const writeAsShard: typeof writeSilently = async ({ client }, statements) => {
  await client.batch([...statements], "write");
};

function writeImage(path: string, { database, log, mark }: DatabaseImage): void {
  writeFileSync(path, database);
  if (log.length > 0) writeFileSync(`${path}-wal`, log);
  if (mark.length > 0) writeFileSync(`${path}-mark`, mark);
}

function isSame(one: DatabaseImage, other: DatabaseImage): boolean {
  return (["database", "log", "mark"] as const).every((file) => {
    return Buffer.compare(one[file], other[file]) === 0;
  });
}

/** What became of all mutants. */
class Tally {
  readonly #say: (text: string) => void;
  readonly #counts: Record<Verdict["outcome"], number> = {
    refused: 0,
    unnamed: 0,
    fellBack: 0,
    harmless: 0,
    wrong: 0,
    broken: 0,
  };
  #rowsUnseen = 0;
  #told = 0;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  add({ number, kind }: { number: number; kind: DamageKind }, { outcome, text }: Verdict): void {
    this.#counts[outcome] += 1;
    const isUnseen = kind.kind === "rows" && outcome === "harmless";
    if (isUnseen) this.#rowsUnseen += 1;
    if (!isUnseen && !["wrong", "broken", "unnamed"].includes(outcome)) return;
    this.#told += 1;
    if (this.#told > TOLD_MAX) return;
    const what = isUnseen ? "unseen" : outcome;
    this.#say(`${what}: ${kind.name} (again: --mutants 1 --first ${number}): ${text}`);
  }

  figures(): Figures {
    const { refused, unnamed, fellBack, harmless, wrong, broken } = this.#counts;
    const trials = refused + unnamed + fellBack + harmless + wrong + broken;
    const felt = trials - harmless + this.#rowsUnseen;
    const detected = refused + unnamed + fellBack;
    return {
      trials,
      kinds: Math.min(trials, KINDS.length),
      refused,
      fellBack,
      harmless,
      detectedPercent: felt === 0 ? 100 : (100 * detected) / felt,
      wrong,
      broken,
      unnamed,
      rowsUnseen: this.#rowsUnseen,
    };
  }
}
