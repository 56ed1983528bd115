import { type BenchmarkRun, defineBenchmark } from "../run/benchmark.ts";
import { findGreatest } from "../run/find-greatest.ts";
import { measurePeer, type PeerFigures } from "./peer/measure-peer.ts";
import { isShardHeld } from "./shard/is-held.ts";
import { loadShard } from "./shard/load-shard.ts";
import { outcomeFigures } from "./shard/outcome-figures.ts";

const TICK_RATE = 30;
/** The bar is against a peer that ticks and sends 20 times a second; 10 is how often ours sends. */
const PEER_RATE = 20;
const PEER_RATE_SLOW = 10;
/** What a shard takes in at most. */
const PLAYERS_MAX = 12_000;
const PEER_PLAYERS_MAX = 6_000;
const PLAYERS_MORE_MIN = 6;
const BYTES_SHARE_MAX = 0.25;
/** Where the search for our limit starts, in times of the peer's. */
const START_TIMES = 6;
const PRECISION = 0.05;
const ATTEMPTS_MAX = 6;

const params = {
  seconds: 10,
  equalPlayers: 1_000,
  gateways: 1,
  rampSeconds: 20,
  warmUpSeconds: 5,
};

/** The same arena on Colyseus and here, one after the other. */
export const shardPeer = defineBenchmark({
  name: "shard-peer",
  work: "the arena on Colyseus 0.18 with `StateView` and here, one after the other",
  meanings: {
    playersRatio: "times the players that Colyseus holds at 20 Hz",
    bytesRatio: "bytes per second to each player, divided by those of Colyseus at 20 Hz",
    shardPlayersHeld: "most players that are held, here",
    peerPlayersHeld: "most players that are held, Colyseus at 20 Hz",
    peerSlowPlayersHeld: "most players that are held, Colyseus at 10 Hz",
    playersRatioSlow: "times the players that Colyseus holds at 10 Hz",
    shardBytes: "bytes per second to each of 1,000 players, here",
    peerBytes: "bytes per second to each of 1,000 players, Colyseus at 20 Hz",
    peerSlowBytes: "bytes per second to each of 1,000 players, Colyseus at 10 Hz",
    bytesRatioSlow: "bytes per second to each player, divided by those of Colyseus at 10 Hz",
    shardCpuPercent: "percent of one core with 1,000 players, here",
    peerCpuPercent: "percent of one core with 1,000 players, Colyseus at 20 Hz",
    peerSlowCpuPercent: "percent of one core with 1,000 players, Colyseus at 10 Hz",
    shardLatenessMsP99: "ms that a tick starts late with 1,000 players, p99, here",
    peerLatenessMsP99: "ms that a tick starts late with 1,000 players, p99, Colyseus at 20 Hz",
    shardRssMB: "MB of memory held with 1,000 players, here",
    peerRssMB: "MB of memory held with 1,000 players, Colyseus at 20 Hz",
    shardEntities: "entities in the cells that a player watches, mean, here",
    peerEntities: "entities in a player's view, mean, Colyseus",
  },
  runs: 1,
  inProcess: false,
  coresMin: 2,
  params,
  bars: () => [
    { metric: "playersRatio", op: ">=", bound: PLAYERS_MORE_MIN },
    { metric: "bytesRatio", op: "<=", bound: BYTES_SHARE_MAX },
  ],
  async measure(run) {
    const { seconds, equalPlayers } = run.params;
    const peerTask = { players: equalPlayers, seconds, findLimit: false };
    const limitTask = { players: PEER_PLAYERS_MAX, seconds, findLimit: true };
    run.say("Colyseus with as many players as ours");
    const peer = await measurePeer({ ...peerTask, rate: PEER_RATE });
    const slow = await measurePeer({ ...peerTask, rate: PEER_RATE_SLOW });
    const shard = await measureShard(run, equalPlayers);
    run.say("how many Colyseus holds");
    const peerLimit = (await measurePeer({ ...limitTask, rate: PEER_RATE })).players;
    const slowLimit = (await measurePeer({ ...limitTask, rate: PEER_RATE_SLOW })).players;
    const start = Math.min(PLAYERS_MAX, START_TIMES * peerLimit);
    const range = { start, max: PLAYERS_MAX, precision: PRECISION, attemptsMax: ATTEMPTS_MAX };
    const limit = await findGreatest(range, async (players) =>
      isShardHeld(await measureShard(run, players), { players, tickRate: TICK_RATE }),
    );
    return { ...compareEqual(shard, peer, slow), ...compareLimits(limit, peerLimit, slowLimit) };
  },
});

async function measureShard(run: BenchmarkRun<typeof params>, players: number) {
  const { seconds, gateways, rampSeconds, warmUpSeconds } = run.params;
  const outcome = await loadShard({
    players,
    tickRate: TICK_RATE,
    gateways,
    rampSeconds,
    warmUpSeconds,
    measureSeconds: seconds,
    profileFolder: run.profileFolder,
    say: run.say,
  });
  const figures = outcomeFigures(outcome);
  run.say(`lateness p99 ${figures.tickLatenessMsP99.toFixed(1)} ms`);
  return figures;
}

function compareEqual(
  shard: ReturnType<typeof outcomeFigures>,
  peer: PeerFigures,
  slow: PeerFigures,
) {
  const bytes = shard.bytesPerClientPerSecond;
  return {
    bytesRatio: bytes / peer.bytesPerClientPerSecond,
    bytesRatioSlow: bytes / slow.bytesPerClientPerSecond,
    shardBytes: bytes,
    peerBytes: peer.bytesPerClientPerSecond,
    peerSlowBytes: slow.bytesPerClientPerSecond,
    shardCpuPercent: shard.cpuPercent,
    peerCpuPercent: peer.cpuPercent,
    peerSlowCpuPercent: slow.cpuPercent,
    shardLatenessMsP99: shard.tickLatenessMsP99,
    peerLatenessMsP99: peer.latenessMsP99,
    shardRssMB: shard.rssMB,
    peerRssMB: peer.rssMB,
    shardEntities: shard.watchedEntities,
    peerEntities: peer.entitiesInViewMean,
  };
}

function compareLimits(limit: number, peerLimit: number, slowLimit: number) {
  return {
    playersRatio: limit / peerLimit,
    playersRatioSlow: limit / slowLimit,
    shardPlayersHeld: limit,
    peerPlayersHeld: peerLimit,
    peerSlowPlayersHeld: slowLimit,
  };
}
