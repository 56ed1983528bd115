import type { Metrics } from "#shared/infra/metrics.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { GatewayHost } from "./gateway/gateway-host.ts";
import type { LoopMetrics } from "./loop/loop-metrics.ts";
import { Pressure } from "./loop/pressure.ts";
import { Schedule } from "./loop/schedule.ts";
import type { ShardLoop } from "./loop/shard-loop.ts";

export interface TickDriverOptions {
  clock: Clock;
  tickRate: number;
  /** Nothing happens without it: after a standstill a tick may come before the lease's timer. */
  lease: { readonly holds: boolean };
  metrics: Metrics;
  loopMetrics: LoopMetrics;
  host: Pick<GatewayHost, "unfinished" | "collect" | "wake">;
  loop: ShardLoop;
}

/**
 * A tick's way: what came in, the tick, its commit, what goes out; and how hard it was. The time
 * that its frames took, after the commit, counts with the next tick's.
 */
export class TickDriver {
  readonly #options: TickDriverOptions;
  readonly #schedule: Schedule;
  readonly #pressure: Pressure;
  #sendingMs = 0;
  #committedTick = 0;
  /** Of the tick before; undefined when there was none, for want of the lease. */
  #startedMs: number | undefined;

  constructor(options: TickDriverOptions) {
    const { clock, tickRate, metrics, loopMetrics } = options;
    this.#options = options;
    this.#pressure = new Pressure(tickRate);
    this.#schedule = new Schedule({
      clock,
      tickRate,
      run: (intendedMs) => this.#run(intendedMs),
      skipped: (ticks) => loopMetrics.skippedTicks(ticks),
    });
    metrics.gaugeOf("tessera_send_pressure", "0: nobody is sent to less often; 5: all.", () => {
      return this.#pressure.level;
    });
  }

  start(): void {
    this.#schedule.start();
  }

  stop(): void {
    this.#schedule.stop();
  }

  /** All up to that tick is in the database. */
  committed(tick: number): void {
    const { clock, loop, host, lease } = this.#options;
    this.#committedTick = tick;
    if (!lease.holds) return;
    const startMs = clock.monotonicMs();
    loop.committed(tick);
    host.wake();
    this.#sendingMs += clock.monotonicMs() - startMs;
  }

  #run(intendedMs: number): void {
    const { clock, loop, host, loopMetrics, lease } = this.#options;
    const startMs = clock.monotonicMs();
    if (this.#startedMs !== undefined) loopMetrics.followed(startMs - this.#startedMs);
    this.#startedMs = lease.holds ? startMs : undefined;
    if (!lease.holds) return;
    // What was committed while the lease was in doubt.
    if (this.#committedTick > loop.committedTick) loop.committed(this.#committedTick);
    const { unfinished } = host;
    host.collect(loop.inbox);
    loop.runTick(intendedMs);
    host.wake();
    const durationMs = clock.monotonicMs() - startMs + this.#sendingMs;
    this.#sendingMs = 0;
    this.#pressure.ticked({ durationMs, unfinished });
    loop.setPressure(this.#pressure.level);
    loopMetrics.ticked(Math.max(0, startMs - intendedMs), durationMs);
  }
}
