// Notices when the program that started this one is gone.
import { readFileSync } from "node:fs";
import type { Clock } from "#shared/time/clock.ts";

const LOOK_INTERVAL_MS = 500;
const ANCESTORS_MAX = 8;

/**
 * Calls `gone` once when the npm above this process ends. npm, and so npx, does not hand SIGTERM
 * on: without this, `kill` on npx would leave everything running with nobody in charge. Does
 * nothing where no npm is above, or /proc does not tell.
 */
export function watchLauncher(clock: Clock, gone: () => void): () => void {
  const links = findLinksToNpm();
  let cancel: () => void = () => undefined;
  if (links.length > 0) look();
  return () => cancel();

  function look(): void {
    if (links.every(({ pid, parent }) => readParent(pid) === parent)) {
      cancel = clock.schedule(LOOK_INTERVAL_MS, look);
    } else {
      gone();
    }
  }
}

/** Each process from this one up to npm, with its parent; empty without an npm. */
function findLinksToNpm(): { pid: number; parent: number }[] {
  const links: { pid: number; parent: number }[] = [];
  let pid = process.pid;
  for (let count = 0; count < ANCESTORS_MAX; count += 1) {
    const parent = readParent(pid);
    if (parent === undefined || parent <= 1) return [];
    links.push({ pid, parent });
    if (/\bnp[mx]\b/.test(readCommand(parent))) return links;
    pid = parent;
  }
  return [];
}

function readParent(pid: number): number | undefined {
  // The name, in brackets, may itself hold spaces and brackets.
  const [, parent] = /^.*\) \S (\d+)/s.exec(readProc(pid, "stat")) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

/** The program and its first argument: `npm exec …`, `node …/npm-cli.js …`. */
function readCommand(pid: number): string {
  return readProc(pid, "cmdline").split(/[\0 ]/).slice(0, 2).join(" ");
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}
