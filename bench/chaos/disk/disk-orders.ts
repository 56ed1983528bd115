// What an experiment and the persistence Worker of its shard say to each other: two small files
// beside the database, since they are in different processes and the Worker is started by the shard.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How long each commit takes, by chance between the two. */
export interface DiskDelay {
  readonly msMin: number;
  readonly msMax: number;
  /** Of the chance. */
  readonly seed: number;
}

/** The two files in a folder; either side may read and write at any time. */
export class DiskOrders {
  readonly #delayPath: string;
  readonly #committedPath: string;

  constructor(folder: string) {
    this.#delayPath = join(folder, "commit-delay");
    this.#committedPath = join(folder, "committed-tick");
  }

  /** From the next commit on; undefined is as fast as the disk. */
  order(delay: DiskDelay | undefined): void {
    if (delay === undefined) rmSync(this.#delayPath, { force: true });
    else writeWhole(this.#delayPath, `${delay.msMin} ${delay.msMax} ${delay.seed}`);
  }

  /** What was ordered last. */
  get ordered(): DiskDelay | undefined {
    const [msMin, msMax, seed] = readNumbers(this.#delayPath);
    if (msMin === undefined || msMax === undefined || seed === undefined) return undefined;
    return { msMin, msMax, seed };
  }

  /** All up to that tick is in the database; nobody else has been told yet. */
  noteCommitted(tick: number): void {
    writeWhole(this.#committedPath, String(tick));
  }

  /** The last committed tick. */
  get committedTick(): number {
    return readNumbers(this.#committedPath)[0] ?? 0;
  }
}

/** Readers find the old text or the new one. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function readNumbers(path: string): number[] {
  try {
    return readFileSync(path, "utf8").split(" ").map(Number);
  } catch {
    return []; // There is none.
  }
}
