import { readFileSync } from "node:fs";

/** The policy of the calling thread (proc(5), field 41 of `stat`); 0 where this is not Linux. */
export function schedulingPolicy(): number {
  if (process.platform !== "linux") return 0;
  const stat = readFileSync("/proc/thread-self/stat", "utf8");
  // The second field is the name, which may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[41 - 3]);
}
