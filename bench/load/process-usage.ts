// What a process uses, from Linux' /proc; elsewhere there is nothing to read and callers go by what
// the process says of itself on /metrics.
import { readdirSync, readFileSync } from "node:fs";

/** Processor time of a process since its start, and what it holds. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly threads: readonly ThreadUsage[];
}

export interface ThreadUsage {
  readonly id: number;
  readonly name: string;
  readonly cpuSeconds: number;
}

/** Linux counts processor time of processes in hundredths of a second, on all usual machines. */
const TICKS_PER_SECOND = 100;

/** Undefined when the process is gone or the system has no /proc. */
export function readProcessUsage(pid: number): ProcessUsage | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const rssKilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    const { cpuSeconds } = readStat(`/proc/${pid}/stat`);
    const threads = readdirSync(`/proc/${pid}/task`).map((id) => ({
      id: Number(id),
      ...readStat(`/proc/${pid}/task/${id}/stat`),
    }));
    return { cpuSeconds, rssBytes: rssKilobytes * 1_024, threads };
  } catch {
    return undefined;
  }
}

/** See proc(5): the name in brackets, then fields 14 and 15 are user and system time. */
function readStat(path: string): { name: string; cpuSeconds: number } {
  const text = readFileSync(path, "utf8");
  const nameEnd = text.lastIndexOf(")");
  const fields = text.slice(nameEnd + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { name: text.slice(text.indexOf("(") + 1, nameEnd), cpuSeconds: ticks / TICKS_PER_SECOND };
}
