import { systemClock } from "#shared/time/clock.ts";
import { startBareShard } from "../load/bare-shard.ts";
import { Swarm } from "../load/swarm.ts";
import { defineBenchmark, type Figures } from "../run/benchmark.ts";
import { median } from "../run/medians.ts";
import { LoginServer } from "./logins/login-server.ts";
import { histogramQuantile } from "./shard/histogram-quantile.ts";
import { sideFor } from "./shard/load-shard.ts";
import { observeShard, type ShardReading } from "./shard/observe-shard.ts";

/** As for a full shard: with all logins at once a tick starts no later. */
const LATENESS_MS_MAX = 5;

/** Whether many logins at once, which cost a core each for a while, move the ticks of a shard. */
export const logins = defineBenchmark({
  name: "logins",
  work: "100 logins at once, again and again, beside a shard of 500 players on the same machine",
  meanings: {
    latenessMsP99: "ms that a tick starts late while logins go on, p99",
    latenessMsP99Calm: "the same without logins",
    latenessRatio: "the first divided by the second",
    tickMsP99: "ms that a tick takes while logins go on, p99",
    tickMsP99Calm: "the same without logins",
    ticksSkipped: "ticks skipped while logins go on",
    ticksSkippedCalm: "ticks skipped without logins",
    checkedPerSecond: "logins whose password was looked at, per second",
    refusedPerSecond: "logins that were told to come again (429), per second",
    longestMs: "ms that a login waited for its answer, longest",
  },
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: { players: 500, attempts: 100, stretches: 4, stretchSeconds: 5, warmUpSeconds: 3 },
  bars: () => [
    { metric: "latenessMsP99", op: "<=", bound: LATENESS_MS_MAX },
    { metric: "ticksSkipped", op: "==", bound: 0 },
  ],
  async measure({ params, say }): Promise<Figures> {
    const { players, attempts, stretchSeconds, warmUpSeconds } = params;
    await using server = await LoginServer.start();
    const side = sideFor(players);
    await using shard = await startBareShard({ clock: systemClock, players, side });
    await using swarm = new Swarm({ admission: shard.admission, clock: systemClock, rate: 1 });
    await swarm.grow(players, { seconds: 2 });
    await Bun.sleep(warmUpSeconds * 1_000);
    const calm: Stretch[] = [];
    const stormy: Stretch[] = [];
    const sum = { checked: 0, refused: 0, longestMs: 0 };
    for (let stretch = 0; stretch < params.stretches; stretch++) {
      say(`stretch ${stretch + 1} of ${params.stretches}`);
      calm.push(toStretch(await observeShard(shard, stretchSeconds, async () => undefined)));
      const seen = await observeShard(shard, stretchSeconds, () =>
        server.storm({ attempts, seconds: stretchSeconds }),
      );
      stormy.push(toStretch(seen));
      sum.checked += seen.result.checked;
      sum.refused += seen.result.refused;
      sum.longestMs = Math.max(sum.longestMs, seen.result.longestMs);
    }
    const seconds = params.stretches * stretchSeconds;
    const [stormyMedians, calmMedians] = [medians(stormy), medians(calm)];
    return {
      latenessMsP99: stormyMedians.latenessMs,
      latenessMsP99Calm: calmMedians.latenessMs,
      latenessRatio: stormyMedians.latenessMs / calmMedians.latenessMs,
      tickMsP99: stormyMedians.tickMs,
      tickMsP99Calm: calmMedians.tickMs,
      ticksSkipped: stormyMedians.skipped,
      ticksSkippedCalm: calmMedians.skipped,
      checkedPerSecond: sum.checked / seconds,
      refusedPerSecond: sum.refused / seconds,
      longestMs: sum.longestMs,
    };
  },
});

interface Stretch {
  readonly latenessMs: number;
  readonly tickMs: number;
  readonly skipped: number;
}

function toStretch({ before, after }: { before: ShardReading; after: ShardReading }): Stretch {
  const p99Ms = (name: string) =>
    histogramQuantile(before.metrics, after.metrics, { name, share: 0.99 }) * 1_000;
  const skipped = "tessera_ticks_skipped_total";
  return {
    latenessMs: p99Ms("tessera_tick_lateness_seconds"),
    tickMs: p99Ms("tessera_tick_duration_seconds"),
    skipped: after.metrics.sum(skipped) - before.metrics.sum(skipped),
  };
}

/** Medians of the stretches; of the ticks that were skipped, all. */
function medians(stretches: readonly Stretch[]): Stretch {
  const of = (read: (stretch: Stretch) => number) =>
    median(stretches.map(read).sort((left, right) => left - right));
  return {
    latenessMs: of(({ latenessMs }) => latenessMs),
    tickMs: of(({ tickMs }) => tickMs),
    skipped: stretches.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}
