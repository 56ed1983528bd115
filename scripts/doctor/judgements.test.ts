// What figures mean, where the machine at hand cannot show all of them.
import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { judgeOffset, judgeStep } from "./clock.ts";
import { judgeMount, judgeSpace } from "./disk.ts";
import { judgeSync } from "./fsync.ts";
import { judgeOpenFiles } from "./open-files.ts";
import { checkVersions } from "./versions.ts";

const times = (ms: number) => [ms * 2, ms, ms, ms, ms];

describe("fsync", () => {
  test.each([
    ["nothing at all", 0.002, 0.02, "warning", "ok"],
    ["a protected cache", 0.05, 0.1, "note", "ok"],
    ["a disk", 1.5, 2, "ok", "ok"],
    ["a slow disk", 25, 25, "ok", "warning"],
  ])("%s", (_, fsync, commit, fsyncStatus, commitStatus) => {
    const found = judgeSync({ fsyncMs: times(fsync), commitMs: times(commit), isDisabled: false });
    expect(found.map(({ status }) => status as string)).toEqual([fsyncStatus, commitStatus]);
  });

  test("a warning says what it costs and what to do", () => {
    const [fsync, commit] = judgeSync({
      fsyncMs: times(0.002),
      commitMs: times(30),
      isDisabled: false,
    });
    expect(fsync?.text).toBe(
      "0.002 ms, at most 0.004 ms in 5: faster than any disk, so a power cut may cost what was " +
        "acknowledged",
    );
    expect(commit?.text).toStartWith("30.0 ms, at most 60.0 ms in 5: each durable action waits");
    expect(commit?.fix).toContain("set TESSERA_DATA to a faster disk");
  });

  test("a library that takes it away is a problem", () => {
    const [fsync] = judgeSync({ fsyncMs: times(1), commitMs: times(1), isDisabled: true });
    expect(fsync).toMatchObject({ status: "problem", fix: "take eatmydata out of LD_PRELOAD" });
  });
});

describe("the file system", () => {
  const mounts = [
    "22 1 0:20 / / rw,relatime - ext4 /dev/sda1 rw",
    "23 22 0:21 / /mnt/fast rw,relatime - xfs /dev/sdb rw,nobarrier",
    "24 22 0:22 / /mnt/net rw - nfs4 host:/x rw",
    "25 22 0:23 / /run rw - tmpfs tmpfs rw",
    "26 22 0:24 / /mnt/with\\040space rw - btrfs /dev/sdc rw",
  ].join("\n");
  test.each([
    ["/var/lib/tessera", "ok", "ext4"],
    ["/mnt/faster", "ok", "ext4"],
    ["/mnt/fast/data", "problem", "nobarrier: a power cut may cost what was acknowledged"],
    ["/mnt/net", "problem", "locks and fsync over a network cannot be relied on"],
    ["/run/tessera", "problem", "is memory (tmpfs): everything is gone when the machine stops"],
    ["/mnt/with space/data", "ok", "btrfs"],
  ])("of %s", (folder, status, text) => {
    const finding = judgeMount(mounts, folder);
    expect(finding?.status as string).toBe(status);
    expect(finding?.text).toContain(text);
  });
});

test.each([
  [{ freeBytes: 90e9, databaseBytes: 1e9, freeFiles: 1e6 }, "ok"],
  [{ freeBytes: 90e9, databaseBytes: 1e9, freeFiles: 50 }, "problem"],
  [{ freeBytes: 0.1e9, databaseBytes: 0, freeFiles: 1e6 }, "problem"],
  [{ freeBytes: 0.5e9, databaseBytes: 0, freeFiles: 1e6 }, "warning"],
  [{ freeBytes: 5e9, databaseBytes: 3e9, freeFiles: 1e6 }, "warning"],
])("room of %p", (space, status) => {
  expect(judgeSpace(space).status as string).toBe(status);
});

test("a limit on open files is held against the players", () => {
  expect(judgeOpenFiles(20_000, 12_000).status).toBe("ok");
  expect(judgeOpenFiles(1_024, 12_000)).toEqual({
    check: "open files",
    status: "warning",
    text: "1024 for 12000 players: a shard takes in 724 of them at most",
    fix: "ulimit -n 12300 (systemd: LimitNOFILE=12300), or lower TESSERA_MAX_PLAYERS",
  });
});

describe("clocks", () => {
  const wallMs = Date.UTC(2026, 5, 1);
  test.each([
    ["one that goes evenly", { wallMs, stepMs: 3 }, "ok"],
    ["one that is set", { wallMs, stepMs: -900 }, "warning"],
    ["one of 1970", { wallMs: 5_000, stepMs: 0 }, "problem"],
  ])("%s", (_, clock, status) => {
    expect(judgeStep(clock).status as string).toBe(status);
  });

  test("one that is not the server's", () => {
    expect(judgeOffset(900, "http://a").status).toBe("ok");
    expect(judgeOffset(45_000, "http://a").text).toBe(
      "45 s behind this one (http://a); tickets live 30 s",
    );
    expect(judgeOffset(-45_000, "http://a").text).toStartWith("45 s ahead of this one");
  });
});

describe("versions", () => {
  function makeHouse(installed: Record<string, string>) {
    const folder = createTempDir();
    const wanted = {
      packageManager: "bun@1.4.5",
      engines: { bun: ">=1.4.5" },
      dependencies: { one: "1.0.0", two: "2.0.0" },
    };
    writeFileSync(join(folder.path, "package.json"), JSON.stringify(wanted));
    for (const [name, version] of Object.entries(installed)) {
      mkdirSync(join(folder.path, "node_modules", name), { recursive: true });
      const path = join(folder.path, "node_modules", name, "package.json");
      writeFileSync(path, JSON.stringify({ version }));
    }
    return folder;
  }

  test("as they should be", () => {
    using house = makeHouse({ one: "1.0.0", two: "2.0.0" });
    const found = checkVersions(house.path, "1.4.5");
    expect(found.map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  test("another Bun, an old one, packages that are others or missing", () => {
    using house = makeHouse({ one: "1.1.0" });
    expect(checkVersions(house.path, "1.5.0")[0]?.status).toBe("warning");
    expect(checkVersions(house.path, "1.2.9")[0]?.text).toBe("1.2.9 is too old, needed is >=1.4.5");
    expect(checkVersions(house.path, "1.4.5")[1]).toEqual({
      check: "dependencies",
      status: "problem",
      text: "one is 1.1.0 instead of 1.0.0; two is missing instead of 2.0.0",
      fix: "run `bun install`",
    });
  });
});
