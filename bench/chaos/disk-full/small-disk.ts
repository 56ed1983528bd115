// A disk that can be filled and emptied under a running shard.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const BALLAST = "ballast";
const CHUNK = new Uint8Array(1024 * 1024);

/** Where a shard's databases lie. */
export interface SmallDisk {
  /** Which way of being full it is. */
  readonly kind: "file system" | "file size limit";
  /** Makes it of the folder; before the shard starts. */
  prepare(folder: string): void;
  /** Leaves no byte free, for the process `pid` at least. */
  fill(pid: number): void;
  /** Gives the room back. */
  empty(pid: number): void;
  /** Undoes `prepare`; nothing may use the folder any more. */
  remove(): void;
}

/**
 * A file system of so many megabytes where one may be mounted, else, or for 0 megabytes, a limit on
 * the sizes of files.
 */
export function chooseSmallDisk(megabytes: number): SmallDisk {
  const disk = (megabytes > 0 ? tryMount(megabytes) : undefined) ?? tryLimit();
  if (disk !== undefined) return disk;
  throw new Error(
    "cannot fill a disk: neither may a tmpfs be mounted here nor is there prlimit; run it on " +
      "Linux, as root for a real file system",
  );
}

function tryMount(megabytes: number): SmallDisk | undefined {
  const probe = join(process.env.TMPDIR ?? "/tmp", `tessera-mount-${process.pid}`);
  mkdirSync(probe);
  const isAllowed = mount(probe, 1);
  if (isAllowed) run(["umount", probe]);
  rmSync(probe, { recursive: true, force: true });
  return isAllowed ? new MountedDisk(megabytes) : undefined;
}

function tryLimit(): SmallDisk | undefined {
  return run(["prlimit", "--pid", String(process.pid), "--fsize"]) ? new LimitedFiles() : undefined;
}

/** A real file system that other files can fill. */
class MountedDisk implements SmallDisk {
  readonly kind = "file system";
  readonly #megabytes: number;
  #folder: string | undefined;

  constructor(megabytes: number) {
    this.#megabytes = megabytes;
  }

  prepare(folder: string): void {
    const place = join(folder, "shards");
    mkdirSync(place, { mode: 0o700 });
    if (!mount(place, this.#megabytes)) throw new Error(`cannot mount a tmpfs at ${place}`);
    this.#folder = place;
  }

  fill(): void {
    const path = this.#ballast;
    writeFileSync(path, "");
    for (let size = CHUNK.length; size > 0; ) {
      try {
        appendFileSync(path, CHUNK.subarray(0, size));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        size = Math.floor(size / 2);
      }
    }
  }

  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  remove(): void {
    if (this.#folder === undefined) return;
    // A process that was just killed may hold it for a moment; lazily it goes once that is over.
    run(["umount", "--lazy", this.#folder]);
    this.#folder = undefined;
  }

  get #ballast(): string {
    if (this.#folder === undefined) throw new Error("cannot fill the disk: it is not mounted");
    return join(this.#folder, BALLAST);
  }
}

/** Nothing is full, but the process may not write beyond a file's first page. */
class LimitedFiles implements SmallDisk {
  readonly kind = "file size limit";
  readonly prepare = () => undefined;
  readonly remove = () => undefined;

  fill(pid: number): void {
    limit(pid, "4096:");
  }

  empty(pid: number): void {
    limit(pid, "unlimited:");
  }
}

function limit(pid: number, size: string): void {
  // A process that is gone has no limits any more.
  run(["prlimit", "--pid", String(pid), `--fsize=${size}`]);
}

function mount(place: string, megabytes: number): boolean {
  const options = `size=${megabytes}m,mode=0700`;
  return run(["mount", "-t", "tmpfs", "-o", options, "tessera-chaos", place]);
}

function run(command: string[]): boolean {
  try {
    return Bun.spawnSync(command, { stdio: ["ignore", "ignore", "ignore"] }).exitCode === 0;
  } catch {
    return false;
  }
}
