// What an experiment and the persistence Worker of its shard say to each other: two small files
// beside the database, since they are in different processes and the shard starts the Worker.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How the disk is. */
export interface DiskOrder {
  /** Each commit takes as long as chance says, between the two. */
  readonly msMin: number;
  readonly msMax: number;
  /** Of the chance. */
  readonly seed: number;
  /** Says that a commit is done before it is: whoever believes it tells of what may be lost. */
  readonly isLying: boolean;
}

/** The two files in a folder; either side may read and write at any time. */
export class DiskOrders {
  readonly #orderPath: string;
  readonly #committedPath: string;

  constructor(folder: string) {
    this.#orderPath = join(folder, "disk-order");
    this.#committedPath = join(folder, "committed-tick");
  }

  /** From the next commit on; undefined is as fast as the disk. */
  order(order: DiskOrder | undefined): void {
    if (order === undefined) {
      rmSync(this.#orderPath, { force: true });
      return;
    }
    const { msMin, msMax, seed, isLying } = order;
    writeWhole(this.#orderPath, `${msMin} ${msMax} ${seed} ${isLying ? 1 : 0}`);
  }

  /** What was ordered last. */
  get ordered(): DiskOrder | undefined {
    const [msMin, msMax, seed, lying] = readNumbers(this.#orderPath);
    if (msMin === undefined || msMax === undefined || seed === undefined) return undefined;
    return { msMin, msMax, seed, isLying: lying === 1 };
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
