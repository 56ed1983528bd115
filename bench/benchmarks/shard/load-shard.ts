import { systemClock } from "#shared/time/clock.ts";
import { startBareShard } from "../../load/bare-shard.ts";
import { describeRaisedLimits } from "../../load/raised-limits.ts";
import { Swarm } from "../../load/swarm.ts";
import type { SwarmFigures } from "../../load/swarm-figures.ts";
import { createTesseraWire } from "../../load/tessera-wire.ts";
import { profileEnvironment, profileProcess } from "../../run/profile/process-profile.ts";
import { FrameSizes } from "./frame-sizes.ts";
import { observeShard, type ShardReading } from "./observe-shard.ts";
import { type PingAnswer, runPingProbe } from "./ping-probe/run-ping-probe.ts";
import { measureWatched, type WatchedMeans } from "./watched.ts";

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

const VIEWPORT = { width: 800, height: 600 };
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
  const { players, tickRate, gateways, profileFolder, say } = load;
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
  say(describeRaisedLimits(shard));
  const frameSizes = new FrameSizes();
  await using swarm = new Swarm({
    admission: shard.admission,
    clock: systemClock,
    wire: frameSizes.counted(createTesseraWire()),
    rate: TURNS_PER_SECOND,
    viewport: VIEWPORT,
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
        Promise.all([swarm.measure(measureSeconds), runPingProbe(shard.admission, measureSeconds)]),
      ),
  );
  const world = { side, cell: CELL, viewport: VIEWPORT };
  const watched = measureWatched(swarm.clients, world, systemClock.monotonicMs());
  const [figures, pings] = result;
  return { swarm: figures, pings, ...readings, watched, frameSizes: frameSizes.list() };
}
