// Thousands of game clients in one process, as cheap as they can be: a core carries 10,000 of them.
//
//   await using swarm = new Swarm({ admission, clock: systemClock, rate: 1 });
//   await swarm.grow(10_000, { seconds: 20 });     // all are in, or have given up
//   const figures = await swarm.measure(30);       // latencies, frames, bytes, own cost
import { createRandom } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Admission } from "./admission.ts";
import type { Crowd } from "./behaviour.ts";
import { LoadClient, type SwarmContext } from "./load-client.ts";
import { pairObservers } from "./observer-pairs.ts";
import { PhaseWheel } from "./phase-wheel.ts";
import { type Counters, Recorder } from "./recorder.ts";
import { createFigures, type SwarmFigures } from "./swarm-figures.ts";
import { SyncProof, type SyncTally } from "./sync-proof.ts";
import { createTesseraWire } from "./tessera-wire.ts";
import type { Viewport, Wire } from "./wire.ts";

export interface SwarmOptions {
  readonly admission: Admission;
  readonly clock: Clock;
  /** Frames over `/game` unless told otherwise. */
  readonly wire?: Wire;
  /** Changes of direction per second and client. */
  readonly rate?: number;
  /** Attacks per second and client. */
  readonly attackRate?: number;
  /** Pieces of work per second and client, each of three durable actions, in a wire that has it. */
  readonly workRate?: number;
  readonly crowd?: Crowd;
  /** Share of a spread crowd, 0 to 1, that wanders through the world instead of staying. */
  readonly roamShare?: number;
  readonly viewport?: Viewport;
  readonly seed?: number;
  /** The first so many clients follow every frame as a game would and prove that they are right. */
  readonly proofs?: number;
}

/** How often wheels are looked at, which is how late an input may be by itself. */
const STEP_MS = 1;
/** Clients on their way in at one time. */
const ENTERING_MAX = 128;
/** So many clients at most measure the time of a ping, each so often. */
const PINGERS_MAX = 100;
const PING_MS = 500;
/** Observers are chosen anew so often. */
const PAIR_MS = 2_000;
/** After a window, what is still on its way has so long to come back; looked at so often. */
const GRACE_MS = 3_000;
const GRACE_STEP_MS = 50;
/** Seconds for which inputs on their way are remembered. */
const MEMORY_SECONDS = 10;
/** Phases that are far apart, however many there are: multiples of the golden ratio. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A crowd of clients and all that they measure. */
export class Swarm implements AsyncDisposable {
  readonly recorder = new Recorder();
  readonly clients: LoadClient[] = [];
  readonly #context: SwarmContext;
  readonly #options: SwarmOptions;
  readonly #turns: PhaseWheel<LoadClient> | undefined;
  readonly #attacks: PhaseWheel<LoadClient> | undefined;
  readonly #works: PhaseWheel<LoadClient> | undefined;
  readonly #pings: PhaseWheel<LoadClient>;
  readonly #pairing: PhaseWheel<Swarm>;
  #entering = 0;
  #waiting: (() => void)[] = [];
  #cancelStep: () => void;
  #nextIndex = 0;
  readonly #sync: SyncTally = { checks: 0, mismatches: 0 };

  constructor(options: SwarmOptions) {
    const { clock, admission, wire = createTesseraWire() } = options;
    const { rate = 1, attackRate = 0, workRate = 0 } = options;
    const startMs = clock.monotonicMs();
    this.#options = options;
    this.#context = {
      wire,
      clock,
      admission,
      random: createRandom(options.seed ?? 1),
      recorder: this.recorder,
      viewport: options.viewport ?? { width: 800, height: 600 },
      crowd: options.crowd ?? "spread",
      outstandingMax: Math.max(16, (rate + attackRate + 3 * workRate) * MEMORY_SECONDS),
    };
    if (rate > 0) this.#turns = new PhaseWheel({ periodMs: 1_000 / rate, startMs });
    if (attackRate > 0) this.#attacks = new PhaseWheel({ periodMs: 1_000 / attackRate, startMs });
    if (workRate > 0) this.#works = new PhaseWheel({ periodMs: 1_000 / workRate, startMs });
    this.#pings = new PhaseWheel({ periodMs: PING_MS, startMs });
    this.#pairing = new PhaseWheel({ periodMs: PAIR_MS, startMs, slotMs: PAIR_MS });
    // Whose turns nobody sees, since it attacks or is dead, is then not known.
    const isSeen = wire.tellsAttacks || attackRate === 0;
    if (wire.tellsTurns && isSeen) this.#pairing.add(this, 0);
    this.#cancelStep = clock.schedule(STEP_MS, () => this.#step());
  }

  /** How many play at this moment. */
  get playing(): number {
    return this.clients.reduce((sum, { state }) => sum + (state === "playing" ? 1 : 0), 0);
  }

  /** Adds clients, evenly over the given time; resolves when each plays or has given up. */
  async grow(count: number, { seconds = 0 }: { seconds?: number } = {}): Promise<void> {
    const { clock } = this.#context;
    const startMs = clock.monotonicMs();
    const entering: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const intendedMs = startMs + (seconds * 1_000 * index) / Math.max(1, count);
      const aheadMs = intendedMs - clock.monotonicMs();
      if (aheadMs > STEP_MS) await this.#sleep(aheadMs);
      await this.#takeTurnToEnter();
      entering.push(this.#add().finally(() => this.#entered()));
    }
    await Promise.all(entering);
  }

  /** The last `count` clients leave the world. */
  shrink(count: number): void {
    for (const client of this.clients.splice(Math.max(0, this.clients.length - count))) {
      this.#turns?.remove(client, client.phase);
      this.#attacks?.remove(client, client.phase);
      this.#works?.remove(client, client.phase);
      this.#pings.remove(client, client.phase);
      client.leave();
    }
  }

  /** Cuts the connections of the first `count` clients; they come back by themselves. */
  cut(count: number): void {
    for (const client of this.clients.slice(0, count)) client.cut();
  }

  /**
   * Measures for so long. What was meant for this time is given three seconds more to come back;
   * then it is lost, and its age counts as its latency.
   */
  async measure(seconds: number): Promise<SwarmFigures> {
    const { clock } = this.#context;
    const startMs = clock.monotonicMs();
    this.recorder.open(startMs, startMs + seconds * 1_000);
    const before = this.#reading();
    await this.#sleep(seconds * 1_000);
    const after = this.#reading();
    await this.#awaitStragglers(startMs + seconds * 1_000);
    for (const client of this.clients) {
      client.settle(clock.monotonicMs());
      after.counters.missedFrames += client.overdueFrames(after.atMs);
    }
    return createFigures(this.recorder, {
      before,
      after,
      players: this.clients.length,
      playing: this.playing,
      canMiss: this.#context.wire.hasTicks,
    });
  }

  /** Everyone leaves. */
  async close(): Promise<void> {
    this.#cancelStep();
    this.shrink(this.clients.length);
    // The farewells go out before the process may end.
    await this.#sleep(50);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #add(): Promise<void> {
    const index = this.#nextIndex++;
    const { roamShare = 0, crowd = "spread", proofs = 0 } = this.#options;
    const client = new LoadClient(index, this.#context, {
      phase: (index * GOLDEN) % 1,
      roams: crowd === "spread" && this.#context.random.below(1_000) < roamShare * 1_000,
      proof: index < proofs ? new SyncProof(this.#sync) : undefined,
    });
    this.clients.push(client);
    this.#turns?.add(client, client.phase);
    this.#attacks?.add(client, client.phase);
    this.#works?.add(client, client.phase);
    const canPing = this.#context.wire.canPing && this.clients.length <= PINGERS_MAX;
    if (canPing) this.#pings.add(client, client.phase);
    return client.enter(this.#context.clock.monotonicMs());
  }

  async #takeTurnToEnter(): Promise<void> {
    while (this.#entering >= ENTERING_MAX) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#entering += 1;
  }

  #entered(): void {
    this.#entering -= 1;
    this.#waiting.shift()?.();
  }

  async #awaitStragglers(endMs: number): Promise<void> {
    for (let waitedMs = 0; waitedMs < GRACE_MS; waitedMs += GRACE_STEP_MS) {
      if (!this.clients.some((client) => client.isWaiting(endMs))) return;
      await this.#sleep(GRACE_STEP_MS);
    }
  }

  #step(): void {
    const { clock } = this.#context;
    const { lateness } = this.recorder;
    const nowMs = clock.monotonicMs();
    this.#turns?.run(nowMs, (client, intendedMs) => {
      lateness.record(intendedMs, nowMs);
      client.turn(intendedMs, nowMs);
    });
    this.#attacks?.run(nowMs, (client, intendedMs) => client.attack(intendedMs, nowMs));
    this.#works?.run(nowMs, (client, intendedMs) => client.work(intendedMs, nowMs));
    this.#pings.run(nowMs, (client, intendedMs) => client.ping(intendedMs, nowMs));
    this.#pairing.run(nowMs, () => pairObservers(this.clients, nowMs));
    this.#cancelStep = clock.schedule(STEP_MS, () => this.#step());
  }

  #reading() {
    const counters: Counters = { ...this.recorder.counters };
    const sync = { ...this.#sync };
    return { atMs: this.#context.clock.monotonicMs(), counters, sync, cpu: process.cpuUsage() };
  }

  #sleep(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.#context.clock.schedule(durationMs, resolve));
  }
}
