// One measurement: a server, its players in a process of their own, and what both tell.
import { sideFor } from "./arena.ts";
import { askFigures, resetFigures, startChild } from "./child.ts";
import type { ServerFigures } from "./figures.ts";
import manifest from "./package.json" with { type: "json" };
import { readSettings, type Settings } from "./settings.ts";
import type { SwarmFigures } from "./swarm-figures.ts";

/** What a run gives: stable, told in README.md. */
export interface Measurement extends Omit<ServerFigures, "seconds" | "ticks" | "ticksPerSecond"> {
  readonly peer: "colyseus";
  readonly versions: Readonly<Record<string, string>>;
  readonly params: Omit<Settings, "port"> & { readonly players: number; readonly seconds: number };
  /** Ticks per second that were simulated and sent. */
  readonly tickRate: number;
  readonly bytesPerClientPerSecond: number;
  readonly framesPerClientPerSecond: number;
  readonly ackMsP50: number;
  readonly ackMsP99: number;
  readonly disconnects: number;
  readonly swarmCpuPercent: number;
  /** Punctual: p99 lateness within 5 ms, at least 97.5 % of the ticks, nobody cut off. */
  readonly isHeld: boolean;
}

/** Bounds of `isHeld`. */
const LATENESS_MS_MAX = 5;
const TICK_SHARE_MIN = 0.975;
/** After the last player has joined, before figures count. */
const SETTLE_MS = 3_000;
const SERVER_READY_MS = 10_000;
/** Joining is refused as too slow below this many players per second. */
const JOINS_PER_SECOND_MIN = 25;

/** Runs `players` for `seconds`; `words` are those of the server's command line. */
export async function measure(run: {
  players: number;
  seconds: number;
  words: readonly string[];
}): Promise<Measurement> {
  const { players, seconds } = run;
  const settings = readSettings(run.words, sideFor(players));
  await using server = await startChild<{ url: string; figures: string }>(
    "server.ts",
    [...run.words, "--side", String(settings.sideUnits)],
    SERVER_READY_MS,
  );
  await using swarm = await startChild<{ figures: string }>(
    "swarm.ts",
    ["--url", server.hello.url, "--players", String(players), "--seed", String(settings.seed)],
    SERVER_READY_MS + (players / JOINS_PER_SECOND_MIN) * 1_000,
  );
  await Bun.sleep(SETTLE_MS);
  await Promise.all([resetFigures(server.hello.figures), resetFigures(swarm.hello.figures)]);
  await Bun.sleep(seconds * 1_000);
  const [served, seen] = await Promise.all([
    askFigures<ServerFigures>(server.hello.figures),
    askFigures<SwarmFigures>(swarm.hello.figures),
  ]);
  return combine({ settings, players, seconds, served, seen });
}

function combine(run: {
  settings: Settings;
  players: number;
  seconds: number;
  served: ServerFigures;
  seen: SwarmFigures;
}): Measurement {
  const { served, seen } = run;
  const { port: _, ...settings } = run.settings;
  const { seconds: _seconds, ticks: _ticks, ticksPerSecond, ...figures } = served;
  const isPunctual = served.latenessMsP99 <= LATENESS_MS_MAX;
  const isComplete = ticksPerSecond >= settings.rateHz * TICK_SHARE_MIN;
  return {
    peer: "colyseus",
    versions: readVersions(),
    params: { ...settings, players: run.players, seconds: run.seconds },
    ...figures,
    tickRate: ticksPerSecond,
    bytesPerClientPerSecond: seen.bytesPerClientPerSecond,
    framesPerClientPerSecond: seen.framesPerClientPerSecond,
    ackMsP50: seen.ackMsP50,
    ackMsP99: seen.ackMsP99,
    disconnects: seen.disconnects,
    swarmCpuPercent: seen.cpuPercent,
    isHeld: isPunctual && isComplete && seen.disconnects === 0,
  };
}

function readVersions(): Record<string, string> {
  return { bun: Bun.version, ...manifest.dependencies };
}
