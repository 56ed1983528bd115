import { type BenchmarkRun, defineBenchmark, type Figures } from "../run/benchmark.ts";
import { findGreatest } from "../run/find-greatest.ts";
import { measurePeer } from "./peer/measure-peer.ts";
import { isShardHeld } from "./shard/is-held.ts";
import { loadShard } from "./shard/load-shard.ts";
import { outcomeFigures } from "./shard/outcome-figures.ts";

const TICK_RATE = 30;
const PLAYERS_MORE_MIN = 6;
const BYTES_SHARE_MAX = 0.25;
const PRECISION = 0.05;
const ATTEMPTS_MAX = 6;

/** Ways in which the peer's arena is written; each has its own figures. */
const FORMS = [
  { name: "usual", motion: "positions", rate: 20, says: "Colyseus told positions, 20 Hz" },
  { name: "best", motion: "directions", rate: 20, says: "Colyseus told turns, 20 Hz" },
  { name: "slow", motion: "directions", rate: 10, says: "Colyseus told turns, 10 Hz" },
] as const;

const params = {
  seconds: 10,
  equalPlayers: 1_000,
  /** Tried first here; most that is tried here, where a shard takes in 12,000, and there. */
  playersFirst: 9_000,
  playersMax: 12_000,
  peerPlayersMax: 6_000,
  gateways: 1,
  rampSeconds: 20,
  warmUpSeconds: 5,
};

/** The same arena on Colyseus and here, one after the other. */
export const shardPeer = defineBenchmark({
  name: "shard-peer",
  work: "the same arena on Colyseus 0.18 with `StateView` and here, one after the other",
  meanings: {
    shardPlayersHeld: "here: most players that are held",
    shardBytes: "here: bytes per second to each of 1,000 players",
    shardCpuPercent: "here: percent of one core with 1,000 players",
    shardLatenessMsP99: "here: ms that a tick starts late with 1,000 players, p99",
    shardRssMB: "here: MB of memory held with 1,000 players",
    shardEntities: "here: entities in the cells that a player watches, mean",
    ...Object.fromEntries(FORMS.flatMap(describeForm)),
  },
  runs: 1,
  inProcess: false,
  coresMin: 2,
  params,
  bars: () =>
    ["usual", "best"].flatMap((name) => [
      { metric: `${name}PlayersRatio`, op: ">=", bound: PLAYERS_MORE_MIN },
      { metric: `${name}BytesRatio`, op: "<=", bound: BYTES_SHARE_MAX },
    ]),
  async measure(run) {
    const equal = await measureShard(run, run.params.equalPlayers);
    const limit = await findLimit(run);
    const figures: Figures = {
      shardPlayersHeld: limit,
      shardBytes: equal.payloadBytesPerSecond,
      shardCpuPercent: equal.cpuPercent,
      shardLatenessMsP99: equal.tickLatenessMsP99,
      shardRssMB: equal.rssMB,
      shardEntities: equal.watchedEntities,
    };
    for (const form of FORMS) {
      run.say(form.says);
      Object.assign(figures, await compareForm(run, form, figures));
    }
    return figures;
  },
});

type PeerForm = (typeof FORMS)[number];
type PeerRun = BenchmarkRun<typeof params>;

async function measureShard(run: PeerRun, players: number) {
  const { seconds: measureSeconds, gateways, rampSeconds, warmUpSeconds } = run.params;
  const { profileFolder, say } = run;
  const times = { rampSeconds, warmUpSeconds, measureSeconds };
  const load = { players, tickRate: TICK_RATE, gateways, ...times, profileFolder, say };
  const outcome = await loadShard(load);
  const figures = outcomeFigures(outcome);
  say(`lateness p99 ${figures.tickLatenessMsP99.toFixed(1)} ms`);
  const frames = outcome.frameSizes.reduce((sum, { count }) => sum + count, 0);
  const bytes = outcome.frameSizes.reduce((sum, size) => sum + size.count * size.bytes, 0);
  // As the peer counts: messages, without the heads of WebSocket frames.
  const payloadBytesPerSecond = (bytes / frames) * figures.framesPerClientPerSecond;
  return { ...figures, payloadBytesPerSecond };
}

function findLimit(run: PeerRun): Promise<number> {
  const { playersFirst: start, playersMax: max } = run.params;
  const range = { start, max, precision: PRECISION, attemptsMax: ATTEMPTS_MAX };
  return findGreatest(range, async (players) =>
    isShardHeld(await measureShard(run, players), { players, tickRate: TICK_RATE }),
  );
}

async function compareForm(run: PeerRun, form: PeerForm, shard: Figures): Promise<Figures> {
  const { seconds, equalPlayers, peerPlayersMax } = run.params;
  const { name, motion, rate } = form;
  const task = { seconds, motion, rate };
  const equal = await measurePeer({ ...task, players: equalPlayers, findLimit: false });
  const limit = await measurePeer({ ...task, players: peerPlayersMax, findLimit: true });
  return {
    [`${name}PlayersRatio`]: (shard.shardPlayersHeld ?? 0) / limit.players,
    [`${name}BytesRatio`]: (shard.shardBytes ?? 0) / equal.bytesPerClientPerSecond,
    [`${name}PlayersHeld`]: limit.players,
    [`${name}Bytes`]: equal.bytesPerClientPerSecond,
    [`${name}CpuPercent`]: equal.cpuPercent,
    [`${name}LatenessMsP99`]: equal.latenessMsP99,
    [`${name}RssMB`]: equal.rssMB,
    [`${name}Entities`]: equal.entitiesInViewMean,
  };
}

function describeForm({ name, says }: PeerForm): [string, string][] {
  return [
    [`${name}PlayersRatio`, `${says}: times as many players are held here`],
    [`${name}BytesRatio`, `${says}: bytes to each of 1,000 players here, divided by its`],
    [`${name}PlayersHeld`, `${says}: most players that are held`],
    [`${name}Bytes`, `${says}: bytes per second to each of 1,000 players`],
    [`${name}CpuPercent`, `${says}: percent of one core with 1,000 players`],
    [`${name}LatenessMsP99`, `${says}: ms that a tick starts late with 1,000 players, p99`],
    [`${name}RssMB`, `${says}: MB of memory held with 1,000 players`],
    [`${name}Entities`, `${says}: entities in a player's view, mean`],
  ];
}
