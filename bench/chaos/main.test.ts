import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";

const MAIN = join(import.meta.dir, "main.ts");

/** Processes that were told of this folder. */
function usersOf(folder: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) =>
    ["cmdline", "environ"].some((file) => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, "latin1").includes(folder);
      } catch {
        return false; // It has ended, or is another user's.
      }
    }),
  );
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "a run that %s ends leaves nothing behind",
  async (by) => {
    using folder = createTempDir();
    await using run = Bun.spawn([process.execPath, MAIN, "failover", "--clients", "2"], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: folder.path },
      stdio: ["ignore", "ignore", "ignore"],
    });
    // The run, two of sqld, the server and two shards.
    await until("all processes", () => usersOf(folder.path).length === 6);
    run.kill(by);
    expect(await run.exited).toBe(130);
    await until("the end of them all", () => usersOf(folder.path).length === 0);
    expect(readdirSync(folder.path)).toEqual([]);
  },
);
