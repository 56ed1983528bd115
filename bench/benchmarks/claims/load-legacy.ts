import { systemClock } from "#shared/time/clock.ts";
import { startBareShard } from "../../load/bare-shard.ts";
import type { Crowd } from "../../load/behaviour.ts";
import { createLegacyWire } from "../../load/legacy-wire.ts";
import { describeRaisedLimits } from "../../load/raised-limits.ts";
import { Swarm } from "../../load/swarm.ts";
import type { SwarmFigures } from "../../load/swarm-figures.ts";
import { profileEnvironment, profileProcess } from "../../run/profile/process-profile.ts";
import { sideFor } from "../shard/load-shard.ts";
import { type Observed, observeShard } from "../shard/observe-shard.ts";
import { measureWatched, type WatchedMeans } from "../shard/watched.ts";

/** What a shard is put under by clients of the ancestor. */
export interface LegacyLoad {
  readonly players: number;
  /** MOVEs per second and player. */
  readonly rate: number;
  readonly crowd: Crowd;
  readonly tickRate: number;
  readonly gateways: number;
  readonly warmUpSeconds: number;
  readonly measureSeconds: number;
  readonly profileFolder: string | undefined;
  say(text: string): void;
}

export interface LegacyOutcome extends Observed<SwarmFigures> {
  readonly watched: WatchedMeans;
}

const VIEWPORT = { width: 800, height: 600 };
const CELL = 400;
/** A dense crowd stands in one window of a world of the usual size, wherever that is. */
const DENSE_SIDE = 2_000;
/** So that they are all there: they come in up to 600 units away and walk 96 a second. */
const GATHERING_SECONDS = 7;
const PLAYERS_PER_SECOND = 500;

/** A shard process of its own that speaks the ancestor's wire, filled with its clients. */
export async function loadLegacy(load: LegacyLoad): Promise<LegacyOutcome> {
  const { players, rate, crowd, tickRate, gateways, measureSeconds, profileFolder, say } = load;
  const isDense = crowd === "dense";
  const side = isDense ? DENSE_SIDE : sideFor(players);
  await using shard = await startBareShard({
    clock: systemClock,
    players,
    tickRate,
    gateways,
    side,
    cell: CELL,
    legacyWire: "delta",
    environment: profileEnvironment(profileFolder),
  });
  say(`${describe(load)} come in; ${describeRaisedLimits(shard)}`);
  await using swarm = new Swarm({
    admission: shard.admission,
    clock: systemClock,
    wire: createLegacyWire({ width: side, height: side }),
    rate,
    crowd,
    viewport: VIEWPORT,
  });
  await swarm.grow(players, { seconds: players / PLAYERS_PER_SECOND });
  await Bun.sleep((load.warmUpSeconds + (isDense ? GATHERING_SECONDS : 0)) * 1_000);
  const observed = await profileProcess({ pid: shard.pid, folder: profileFolder }, () =>
    observeShard(shard, measureSeconds, () => swarm.measure(measureSeconds)),
  );
  const world = { side, cell: CELL, viewport: VIEWPORT };
  const watched = measureWatched(swarm.clients, world, systemClock.monotonicMs());
  return { ...observed, watched };
}

function describe({ players, rate, crowd }: LegacyLoad): string {
  const where = crowd === "dense" ? "all in one window" : "spread over the world";
  return `${players.toLocaleString("en-US")} players with ${rate} MOVEs a second, ${where},`;
}
