// The region files while a process runs: who adds a region adds a file, and what runs learns of it.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { Log } from "./log.ts";
import { type RegionFile, readRegionFiles } from "./region-file.ts";

/** Between two looks at the folder. */
export const LOOK_MS = 2_000;

export interface WatchOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes all files when any is not as it was; when it rejects it is told again. */
  readonly changed: (files: readonly RegionFile[]) => void | Promise<void>;
}

/**
 * Reads the region files again whenever one was added, changed or removed, until the result is
 * called. A file that cannot be used is said once and changes nothing until it is mended.
 */
export function watchRegionFiles(options: WatchOptions): () => void {
  const watch = new RegionFileWatch(options);
  watch.start();
  return () => watch.stop();
}

class RegionFileWatch {
  readonly #options: WatchOptions;
  /** What the folder was like when it was last read; undefined: not known. */
  #seen: string | undefined;
  #said: string | undefined;
  #cancel: CancelTimer | undefined;
  #isStopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): void {
    // The first look tells too: a file may have come since the process read them.
    this.#cancel = this.#options.clock.schedule(LOOK_MS, () => void this.#look());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { folder, changed, log } = this.#options;
    try {
      const seen = await describeFolder(folder);
      if (seen !== this.#seen && !this.#isStopped) {
        await changed(readRegionFiles(folder));
        this.#seen = seen;
        this.#said = undefined;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== this.#said) {
        this.#said = reason;
        log.warning("cannot take over the region files: those from before stay in force", {
          reason,
        });
      }
    }
    if (!this.#isStopped) this.start();
  }
}

/** A text that is another one when a file of the folder is. */
async function describeFolder(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  const states = await Promise.all(names.map((name) => stat(join(folder, name))));
  return names.map((name, at) => `${name} ${states[at]?.mtimeMs} ${states[at]?.size}`).join("\n");
}
