// That libSQL syncs what disk-image.ts takes for granted, in that order; seen in its system calls.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";

const CALLS = "trace=write,pwrite64,fsync,fdatasync,ftruncate";
/** `496 pwrite64(13</tmp/shard.db-wal>, "\0"..., 24, 32) = 24`: the call, the file, the place. */
const CALL = /^\d+ +(\w+)\(\d+<[^>]*shard\.db(-wal)?>(?:, "[^"]*"\S*, \d+, (\d+))?/;

// Another program's system calls can be seen where there is strace and the system allows it.
if (Bun.which("strace") !== null && Bun.spawnSync(["strace", "-o", "/dev/null", "true"]).success) {
  test("a log is synced before its pages are written, these before it is begun again", async () => {
    using folder = createTempDir();
    const path = join(folder.path, "shard.db");
    const calls = join(folder.path, "calls");
    const fixture = join(import.meta.dir, "write-order.fixture.ts");
    const child = Bun.spawn(
      ["strace", "-f", "-y", "-s", "9", "-e", CALLS, "-o", calls, process.execPath, fixture, path],
      { stdout: "ignore", stderr: "inherit" },
    );
    expect(await child.exited).toBe(0);
    const seen = new WriteOrder();
    for (const line of readFileSync(calls, "utf8").split("\n")) seen.take(line);
    expect(seen.wrong).toEqual([]);
    expect(seen.confirmed).toBe(250);
    expect(seen.pages).toBeGreaterThan(500);
    expect(seen.begun).toBeGreaterThan(1);
  });
}

/** What is not synced at each call, and the calls that came too early. */
class WriteOrder {
  readonly wrong: string[] = [];
  confirmed = 0;
  pages = 0;
  begun = 0;
  readonly #unsynced = { database: false, log: false, header: false };

  take(line: string): void {
    const unsynced = this.#unsynced;
    if (line.includes('"confirmed"')) {
      this.confirmed += 1;
      if (unsynced.log) this.wrong.push(`confirmed before its sync: ${line}`);
      return;
    }
    const [, call, isLog, at] = CALL.exec(line) ?? [];
    if (call === undefined) return;
    if (/sync$/.test(call)) {
      if (isLog === undefined) unsynced.database = false;
      else unsynced.log = unsynced.header = false;
    } else if (isLog === undefined) {
      this.pages += 1;
      unsynced.database = true;
      if (unsynced.log) this.wrong.push(`a page before the log's sync: ${line}`);
    } else {
      const isHeader = at === "0";
      if (isHeader) this.begun += 1;
      if (isHeader && unsynced.database) this.wrong.push(`begun before pages' sync: ${line}`);
      if (unsynced.header) this.wrong.push(`a frame before the header's sync: ${line}`);
      unsynced.log = true;
      if (isHeader) unsynced.header = true;
    }
  }
}
