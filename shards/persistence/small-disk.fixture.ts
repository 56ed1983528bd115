// A file system that is really full: a tmpfs of a megabyte, for which one must be root on Linux.
import { createTempDir } from "#shared/testing/temp-dir.ts";

const SMALL = "1m";
const LARGE = "64m";

/** Whether this machine lets a test mount something. */
export function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  return Bun.spawnSync(["unshare", "--mount", "true"]).success;
}

export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Makes room. */
  grow(): Promise<void>;
  /** The same files in another folder, in which nothing can be written. */
  readonly frozenPath: string;
}

/** Mounts a small disk; `await using` takes it away. */
export async function mountSmallDisk(): Promise<SmallDisk> {
  const folder = createTempDir();
  const frozen = createTempDir();
  await run("mount", "-t", "tmpfs", "-o", `size=${SMALL}`, "none", folder.path);
  await run("mount", "--bind", folder.path, frozen.path);
  await run("mount", "-o", "remount,bind,ro", frozen.path);
  return {
    path: folder.path,
    frozenPath: frozen.path,
    grow: () => run("mount", "-o", `remount,size=${LARGE}`, folder.path),
    async [Symbol.asyncDispose]() {
      for (const one of [frozen, folder]) {
        await run("umount", "--lazy", one.path);
        one[Symbol.dispose]();
      }
    },
  };
}

async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
  const [text, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new Error(`cannot ${command.join(" ")}: ${text}`);
}
