import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";

/**
 * A name that a database file has to itself: the same after a restart, another one for each copy
 * and on each machine. Where a machine's own number cannot be read, its host name stands for it.
 */
export function nameDatabaseFile(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  const identity = [hostname(), readMachineId(), dev, ino].join("\n");
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}

function readMachineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return ""; // Not Linux, or a container: the host name has to do.
  }
}
