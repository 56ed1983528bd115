import type { Finding } from "./finding.ts";

/** Descriptors of a shard beside those of its players. */
const SPARE = 300;

/** Whether each player of a full shard can have its socket. */
export function checkOpenFiles(playersMax: number): Finding | undefined {
  if (process.platform === "win32") return undefined;
  const said = Bun.spawnSync(["sh", "-c", "ulimit -n"]).stdout.toString().trim();
  return judgeOpenFiles(said === "unlimited" ? Number.POSITIVE_INFINITY : Number(said), playersMax);
}

/** Says whether a limit is enough for so many players. */
export function judgeOpenFiles(limit: number, playersMax: number): Finding {
  const check = "open files";
  const needed = playersMax + SPARE;
  const text = `${limit} for ${playersMax} players`;
  if (limit >= needed) return { check, status: "ok", text };
  return {
    check,
    status: "warning",
    text: `${text}: a shard takes in ${Math.max(0, limit - SPARE)} of them at most`,
    fix: `ulimit -n ${needed} (systemd: LimitNOFILE=${needed}), or lower TESSERA_MAX_PLAYERS`,
  };
}
