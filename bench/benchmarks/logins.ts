import { systemClock } from "#shared/time/clock.ts";
import { type BareShard, startBareShard } from "../load/bare-shard.ts";
import { Swarm } from "../load/swarm.ts";
import { defineBenchmark, type Figures } from "../run/benchmark.ts";
import { median } from "../run/medians.ts";
import { LoginServer, type StormFigures } from "./logins/login-server.ts";
import { histogramQuantile } from "./shard/histogram-quantile.ts";
import { sideFor } from "./shard/load-shard.ts";
import { observeShard } from "./shard/observe-shard.ts";

/** Against as many calls that look at no password; what differs is the hashing. */
const RATIO_MAX = 1.25;

/** Whether many logins at once, each of which takes a core for a while, move a shard's ticks. */
export const logins = defineBenchmark({
  name: "logins",
  work: "100 logins at once, again and again, beside a shard of 500 players on the same machine",
  meanings: {
    latenessRatio: "lateness of ticks, p99: with logins, divided by that with calls",
    tickRatio: "what a tick takes, p99: with logins, divided by that with calls",
    latenessMsP99: "ms that a tick starts late while 100 log in at once, p99",
    latenessMsP99Calls: "the same with as many calls that look at no password, as often",
    latenessMsP99Calm: "the same with neither",
    tickMsP99: "ms that a tick takes while 100 log in at once, p99",
    tickMsP99Calls: "the same with as many calls that look at no password, as often",
    tickMsP99Calm: "the same with neither",
    ticksSkipped: "ticks skipped while 100 log in at once",
    ticksSkippedCalm: "ticks skipped with neither",
    checkedPerSecond: "logins whose password was looked at, per second",
    refusedPerSecond: "logins that were told to come again (429), per second",
    longestMs: "ms that a login waited for its answer, longest",
  },
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: { players: 500, attempts: 100, stretches: 4, stretchSeconds: 8, warmUpSeconds: 3 },
  bars: () => [
    { metric: "latenessRatio", op: "<=", bound: RATIO_MAX },
    { metric: "ticksSkipped", op: "==", bound: 0 },
  ],
  async measure({ params, say }): Promise<Figures> {
    const { players, attempts, stretches, stretchSeconds: seconds, warmUpSeconds } = params;
    await using server = await LoginServer.start();
    const side = sideFor(players);
    await using shard = await startBareShard({ clock: systemClock, players, side });
    await using swarm = new Swarm({ admission: shard.admission, clock: systemClock, rate: 1 });
    await swarm.grow(players, { seconds: 2 });
    await Bun.sleep(warmUpSeconds * 1_000);
    const kinds: Stretches = { calm: [], calls: [], logins: [] };
    const storms: StormFigures[] = [];
    for (let stretch = 0; stretch < stretches; stretch++) {
      say(`stretch ${stretch + 1} of ${stretches}`);
      kinds.calm.push(await watch(shard, seconds, () => Bun.sleep(seconds * 1_000)));
      const storm = () => server.storm({ kind: "logins", attempts, seconds, roundMs: 0 });
      kinds.logins.push(await watch(shard, seconds, async () => storms.push(await storm())));
      const roundMs = (seconds * 1_000) / (storms.at(-1)?.rounds ?? 1);
      const calls = () => server.storm({ kind: "calls", attempts, seconds, roundMs });
      kinds.calls.push(await watch(shard, seconds, calls));
    }
    return toFigures(kinds, storms, stretches * seconds);
  },
});

interface Stretch {
  readonly latenessMs: number;
  readonly tickMs: number;
  readonly skipped: number;
}

type Stretches = Record<"calm" | "calls" | "logins", Stretch[]>;

async function watch(
  shard: BareShard,
  seconds: number,
  work: () => Promise<unknown>,
): Promise<Stretch> {
  const { before, after } = await observeShard(shard, seconds, work);
  const p99Ms = (name: string) =>
    histogramQuantile(before.metrics, after.metrics, { name, share: 0.99 }) * 1_000;
  const skipped = "tessera_ticks_skipped_total";
  return {
    latenessMs: p99Ms("tessera_tick_lateness_seconds"),
    tickMs: p99Ms("tessera_tick_duration_seconds"),
    skipped: after.metrics.sum(skipped) - before.metrics.sum(skipped),
  };
}

function toFigures(kinds: Stretches, storms: readonly StormFigures[], seconds: number): Figures {
  const [logins, calls, calm] = [kinds.logins, kinds.calls, kinds.calm].map(merge);
  if (logins === undefined || calls === undefined || calm === undefined) return {};
  const sumOf = (read: (storm: StormFigures) => number) =>
    storms.reduce((sum, storm) => sum + read(storm), 0);
  return {
    latenessRatio: logins.latenessMs / calls.latenessMs,
    tickRatio: logins.tickMs / calls.tickMs,
    latenessMsP99: logins.latenessMs,
    latenessMsP99Calls: calls.latenessMs,
    latenessMsP99Calm: calm.latenessMs,
    tickMsP99: logins.tickMs,
    tickMsP99Calls: calls.tickMs,
    tickMsP99Calm: calm.tickMs,
    ticksSkipped: logins.skipped,
    ticksSkippedCalm: calm.skipped,
    checkedPerSecond: sumOf(({ checked }) => checked) / seconds,
    refusedPerSecond: sumOf(({ refused }) => refused) / seconds,
    longestMs: Math.max(...storms.map(({ longestMs }) => longestMs)),
  };
}

/** Medians of the stretches; of the ticks that were skipped, all. */
function merge(stretches: readonly Stretch[]): Stretch {
  const of = (read: (stretch: Stretch) => number) =>
    median(stretches.map(read).sort((left, right) => left - right));
  return {
    latenessMs: of(({ latenessMs }) => latenessMs),
    tickMs: of(({ tickMs }) => tickMs),
    skipped: stretches.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}
