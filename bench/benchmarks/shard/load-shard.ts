import { systemClock } from "#shared/time/clock.ts";
import { type BareShard, startBareShard } from "../../load/bare-shard.ts";
import { describeRaisedLimits } from "../../load/raised-limits.ts";
import { Swarm } from "../../load/swarm.ts";
import type { SwarmFigures } from "../../load/swarm-figures.ts";
import { createTesseraWire } from "../../load/tessera-wire.ts";
import type { Wire } from "../../load/wire.ts";
import { profileEnvironment, profileProcess } from "../../run/profile/process-profile.ts";
import { FrameSizes } from "./frame-sizes.ts";
import { observeShard, type ShardReading } from "./observe-shard.ts";
import { type PingAnswer, type ProbedWorld, runPingProbe } from "./ping-probe/run-ping-probe.ts";
import { measureWatched, type WatchedMeans, type WatchedWorld } from "./watched.ts";

/** What a shard is put under. */
export interface ShardLoad {
  readonly players: number;
  readonly tickRate: number;
  readonly gateways: number;
  /** In which the players come in; then so long until figures count, and so long they do. */
  readonly rampSeconds: number;
  readonly warmUpSeconds: number;
  readonly measureSeconds: number;
  readonly profileFolder: string | undefined;
  say(text: string): void;
}

/** What came of it, between two readings. */
export interface ShardOutcome {
  readonly swarm: SwarmFigures;
  /** From a process of its own. */
  readonly pings: PingAnswer;
  readonly before: ShardReading;
  readonly after: ShardReading;
  /** Greatest that was seen. */
  readonly rssBytes: number;
  readonly watched: WatchedMeans;
  readonly frameSizes: readonly { readonly bytes: number; readonly count: number }[];
}

export const VIEWPORT = { width: 800, height: 600 };
/** Units on a side of a cell: with this window about 9 are watched. */
const CELL = 400;
/** A player turns so often a second. */
const TURNS_PER_SECOND = 1;

/**
 * Units on a side of the world in which each of 10,000 players has about 74 entities before it:
 * players come in within the middle three fifths of each side and stay where they came in. With
 * fewer of them more stand at the crowd's edge, and the mean is a little less.
 */
export function sideFor(players: number): number {
  return Math.max(2_000, Math.round(226 * Math.sqrt(players)));
}

/** A shard process of its own, filled with players who turn once a second, and watched. */
export async function loadShard(load: ShardLoad): Promise<ShardOutcome> {
  const { players, tickRate, gateways, profileFolder } = load;
  const side = sideFor(players);
  await using shard = await startBareShard({
    clock: systemClock,
    players,
    tickRate,
    gateways,
    side,
    cell: CELL,
    environment: profileEnvironment(profileFolder),
  });
  // The shard stops when this is left.
  return await watchShard(shard, load, {
    wire: createTesseraWire(),
    kind: "arena",
    world: { side, cell: CELL, viewport: VIEWPORT },
  });
}

/** Who plays on a shard that is watched. */
export interface WatchedCrowd {
  readonly wire: Wire;
  readonly kind: ProbedWorld;
  readonly world: WatchedWorld;
  /** Pieces of work per second and player. */
  readonly workRate?: number;
}

/** Fills a shard with players who turn once a second, and watches it. */
export async function watchShard(
  shard: BareShard,
  load: Omit<ShardLoad, "tickRate" | "gateways">,
  { wire, kind, world, workRate = 0 }: WatchedCrowd,
): Promise<ShardOutcome> {
  const { players, profileFolder, say } = load;
  say(describeRaisedLimits(shard));
  const frameSizes = new FrameSizes();
  await using swarm = new Swarm({
    admission: shard.admission,
    clock: systemClock,
    wire: frameSizes.counted(wire),
    rate: TURNS_PER_SECOND,
    workRate,
    viewport: world.viewport,
  });
  say(`${players.toLocaleString("en-US")} players come in`);
  await swarm.grow(players, { seconds: load.rampSeconds });
  await Bun.sleep(load.warmUpSeconds * 1_000);
  say(`${swarm.playing.toLocaleString("en-US")} play; measuring`);
  frameSizes.reset();
  const { measureSeconds } = load;
  const { result, ...readings } = await profileProcess(
    { pid: shard.pid, folder: profileFolder },
    () =>
      observeShard(shard, measureSeconds, () =>
        Promise.all([
          swarm.measure(measureSeconds),
          runPingProbe(shard.admission, measureSeconds, kind),
        ]),
      ),
  );
  const watched = measureWatched(swarm.clients, world, systemClock.monotonicMs());
  const [figures, pings] = result;
  return { swarm: figures, pings, ...readings, watched, frameSizes: frameSizes.list() };
}
