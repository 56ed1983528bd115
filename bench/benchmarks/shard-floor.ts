import { defineBenchmark } from "../run/benchmark.ts";
import { type FloorOutcome, loadFloor } from "./floor/load-floor.ts";
import { loadShard, type ShardOutcome } from "./shard/load-shard.ts";

const TICK_RATE = 30;
const SEND_INTERVAL_TICKS = 3;

/** What a shard takes on top of sending. */
export const shardFloor = defineBenchmark({
  name: "shard-floor",
  work: "a shard against a bare `Bun.serve` that sends as many frames of the same sizes",
  meanings: {
    cpuRatio: "processor time for a frame, shard divided by floor",
    shardCpuPercent: "shard: percent of one core, all threads",
    floorCpuPercent: "floor: percent of one core, all threads",
    shardMicrosPerFrame: "shard: µs of processor time for a frame",
    floorMicrosPerFrame: "floor: µs of processor time for a frame",
    shardFramesPerSecond: "shard: frames per second to all players",
    floorFramesPerSecond: "floor: frames per second to all players",
    shardBytesPerFrame: "shard: bytes of a frame with its share of all else, mean",
    floorBytesPerFrame: "floor: bytes of a frame with its share of all else, mean",
    shardRssMB: "shard: MB of memory held",
    floorRssMB: "floor: MB of memory held",
    shardPlayers: "shard: players in the world at the end",
    floorPlayers: "floor: players at the end",
  },
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: {
    players: 10_000,
    gateways: 1,
    rampSeconds: 25,
    warmUpSeconds: 10,
    measureSeconds: 20,
  },
  bars: ({ players }) => [
    { metric: "cpuRatio", op: "<=", bound: 1.25 },
    { metric: "shardPlayers", op: "==", bound: players },
    { metric: "floorPlayers", op: "==", bound: players },
  ],
  async measure({ params, say, profileFolder }) {
    const common = { ...params, tickRate: TICK_RATE, say };
    const shard = await loadShard({ ...common, profileFolder });
    const sizes = shard.frameSizes;
    const sendIntervalTicks = SEND_INTERVAL_TICKS;
    return compare(shard, await loadFloor({ ...common, sendIntervalTicks, sizes }));
  },
});

function compare(shard: ShardOutcome, floor: FloorOutcome) {
  const { before, after } = shard;
  const cpuSeconds = after.usage.cpuSeconds - before.usage.cpuSeconds;
  const shardCpuPercent = (100 * cpuSeconds * 1_000) / (after.atMs - before.atMs);
  const shardFramesPerSecond = shard.swarm.counters.frames / shard.swarm.seconds;
  const floorFramesPerSecond = floor.swarm.counters.frames / floor.swarm.seconds;
  const shardMicrosPerFrame = (shardCpuPercent * 1e4) / shardFramesPerSecond;
  const floorMicrosPerFrame = (floor.cpuPercent * 1e4) / floorFramesPerSecond;
  return {
    cpuRatio: shardMicrosPerFrame / floorMicrosPerFrame,
    shardCpuPercent,
    floorCpuPercent: floor.cpuPercent,
    shardMicrosPerFrame,
    floorMicrosPerFrame,
    shardFramesPerSecond,
    floorFramesPerSecond,
    shardBytesPerFrame: shard.swarm.bytesPerFrame,
    floorBytesPerFrame: floor.swarm.bytesPerFrame,
    shardRssMB: shard.rssBytes / 1e6,
    floorRssMB: floor.rssBytes / 1e6,
    shardPlayers: shard.swarm.playing,
    floorPlayers: floor.swarm.playing,
  };
}
