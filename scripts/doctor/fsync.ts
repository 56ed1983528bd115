// How long it takes until something is on the disk. Every acknowledgement of a durable action waits
// for that; and a disk that is faster than any disk can be does not do it.
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "#shared/infra/db/database.ts";
import type { Clock } from "#shared/time/clock.ts";
import { findExisting } from "./data-folder.ts";
import { type Finding, reasonOf } from "./finding.ts";

const ROUNDS = 100;
/** A slow disk is known after a few rounds. */
const MEASURE_MS_MAX = 2_000;
/** Faster is no disk, nor anything that asks one. */
const NOTHING_MS = 0.02;
/** Faster are only disks that keep their cache through a power cut, or say so. */
const PROTECTED_MS = 0.2;
/** So slow that the commits of the journal are felt. */
const SLOW_MS = 20;

export interface SyncTimes {
  /** 4 KiB written and synchronised. */
  readonly fsyncMs: readonly number[];
  /** One row committed with `synchronous=FULL`. */
  readonly commitMs: readonly number[];
  /** Whether a library that takes fsync out of programs is loaded. */
  readonly isDisabled: boolean;
}

/** Measures with files of its own, which it removes. */
export async function checkFsync(data: string, clock: Clock): Promise<Finding[]> {
  const folder = findExisting(data);
  const name = join(folder, `.doctor-${crypto.randomUUID()}`);
  const files = [name, `${name}.db`, `${name}.db-wal`];
  try {
    return judgeSync({
      fsyncMs: measureFsync(name, clock),
      commitMs: await measureCommits(`${name}.db`, clock),
      isDisabled: (process.env.LD_PRELOAD ?? "").includes("eatmydata"),
    });
  } catch (error) {
    const fix = "make room, check rights, or set TESSERA_DATA to another folder";
    const text = `cannot write ${folder}: ${reasonOf(error)}`;
    return [{ check: "fsync", status: "problem", text, fix }];
  } finally {
    // Where nothing can be written nothing can be removed either.
    for (const file of files) if (existsSync(file)) rmSync(file, { force: true });
  }
}

function measureFsync(path: string, clock: Clock): number[] {
  const file = openSync(path, "wx", 0o600);
  try {
    const page = crypto.getRandomValues(new Uint8Array(4_096));
    return repeat(clock, (round) => {
      writeSync(file, page, 0, page.length, round * page.length);
      fsyncSync(file);
    });
  } finally {
    closeSync(file);
  }
}

async function measureCommits(place: string, clock: Clock): Promise<number[]> {
  await using database = await openDatabase({ place, schema: {}, synchronous: "FULL" });
  const { client } = database;
  await client.execute("CREATE TABLE probe (id INTEGER PRIMARY KEY, body BLOB) STRICT");
  const times: number[] = [];
  const endMs = clock.monotonicMs() + MEASURE_MS_MAX;
  while (times.length < ROUNDS && clock.monotonicMs() < endMs) {
    const startMs = clock.monotonicMs();
    await client.execute("INSERT INTO probe (body) VALUES (randomblob(2000))");
    times.push(clock.monotonicMs() - startMs);
  }
  return times;
}

function repeat(clock: Clock, action: (round: number) => void): number[] {
  const times: number[] = [];
  const endMs = clock.monotonicMs() + MEASURE_MS_MAX;
  for (let round = 0; round < ROUNDS && clock.monotonicMs() < endMs; round++) {
    const startMs = clock.monotonicMs();
    action(round);
    times.push(clock.monotonicMs() - startMs);
  }
  return times;
}

/** Says what the times mean. */
export function judgeSync({ fsyncMs, commitMs, isDisabled }: SyncTimes): Finding[] {
  const fsync = describe(fsyncMs);
  const commit = describe(commitMs);
  return [judgeFsync(fsync, isDisabled), judgeCommit(commit)];
}

function judgeFsync({ median, text }: Times, isDisabled: boolean): Finding {
  const check = "fsync";
  if (isDisabled) {
    const fix = "take eatmydata out of LD_PRELOAD";
    return { check, status: "problem", text: "libeatmydata turns it off", fix };
  }
  if (median < NOTHING_MS) {
    return {
      check,
      status: "warning",
      text: `${text}: faster than any disk, so a power cut may cost what was acknowledged`,
      fix: "find out who swallows it (tmpfs, a virtual disk with cache=unsafe, a mount option)",
    };
  }
  if (median < PROTECTED_MS) {
    const only = "that fast are only disks whose cache survives a power cut";
    const text2 = `${text}; ${only}: if yours has no such cache, it does not wait for the disk`;
    return { check, status: "note", text: text2 };
  }
  return { check, status: "ok", text };
}

function judgeCommit({ median, text }: Times): Finding {
  const check = "commit";
  if (median < SLOW_MS) return { check, status: "ok", text };
  return {
    check,
    status: "warning",
    text: `${text}: each durable action waits that long, and frames show lasting values late`,
    fix: "set TESSERA_DATA to a faster disk, such as a local NVMe with power-loss protection",
  };
}

interface Times {
  readonly median: number;
  readonly text: string;
}

function describe(times: readonly number[]): Times {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const median = at(0.5);
  const text = `${format(median)} ms, at most ${format(at(1))} ms in ${times.length}`;
  return { median, text };
}

function format(ms: number): string {
  return ms.toFixed(ms < 1 ? 3 : 1);
}
