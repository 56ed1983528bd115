import type { PathConditions } from "#shared/net/packet-path.ts";
import {
  ARENA_PARAMETERS,
  type ArenaParameters,
  createRandom,
  type Random,
} from "#shared/sim/index.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { GameArenaSession } from "../arena/arena-session.ts";
import type { Ticket } from "../link.ts";
import { FakeNetwork } from "./fake-network.ts";
import { FakeShard } from "./fake-shard.ts";

/** Next door. */
export const CLEAN: PathConditions = { latencyMs: 10, jitterMs: 0, loss: 0, retransmitMs: 200 };

/** A round trip of 150 ms, give or take 30, and 2 of 100 packets lost. */
export const BAD: PathConditions = { latencyMs: 75, jitterMs: 15, loss: 0.02, retransmitMs: 250 };

/** Sixty frames a second. */
const FRAME_MS = 16;

/** A network with a shard on it, in virtual time. */
export class Playground {
  readonly clock = new FakeClock({ nowMs: 5_000 });
  readonly network: FakeNetwork;
  readonly #parameters: ArenaParameters;
  readonly #random: Random;
  shard: FakeShard;
  /** To which shard tickets lead. */
  shardKey = "arena:1:eu-west-1";
  /** What asking for a ticket does. */
  ticket: (player: string) => Promise<Ticket> = async (ticket) => ({
    shardKey: this.shardKey,
    region: "eu-west-1",
    address: "ws://shard.test/game",
    ticket,
  });

  constructor(options: { conditions: PathConditions; seed: number; tickRate?: number }) {
    const { conditions, seed, tickRate = 30 } = options;
    this.#parameters = { ...ARENA_PARAMETERS, tickRate };
    this.#random = createRandom(seed + 1);
    this.network = new FakeNetwork({ clock: this.clock, seed, conditions });
    this.shard = new FakeShard({ clock: this.clock, parameters: this.#parameters });
    this.network.listener = this.shard;
  }

  /** The shard stops without a word, as after kill -9. */
  killShard(): void {
    this.shard.stop();
    this.network.listener = undefined;
    this.network.cut();
  }

  /** The shard that was killed comes back as from its journal, which may lack the last ticks. */
  reviveShard(lostTicks = 0): void {
    this.shard.revive(lostTicks);
    this.network.listener = this.shard;
  }

  /** Another shard in its place, that knows nobody and counts from `tick`. */
  startShard(tick: number): void {
    this.shard = new FakeShard({ clock: this.clock, parameters: this.#parameters, tick });
    this.network.listener = this.shard;
  }

  session(player: string): GameArenaSession {
    return new GameArenaSession({
      clock: this.clock,
      random: () => 0.5,
      randomBytes: (length) => this.#bytes(length),
      WebSocket: this.network.WebSocket,
      ticket: () => this.ticket(player),
      refused: (error) => error instanceof RangeError,
    });
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.below(256));
  }

  async join(player: string): Promise<GameArenaSession> {
    const session = this.session(player);
    const started = session.start();
    await this.until(() => session.status === "playing");
    await started;
    return session;
  }

  /** Lets time pass frame by frame; promises get their turn. */
  async run(durationMs: number, eachFrame: (ms: number) => void = () => undefined): Promise<void> {
    for (let ms = 0; ms < durationMs; ms += FRAME_MS) {
      this.clock.advance(FRAME_MS);
      eachFrame(ms);
      await turn();
    }
  }

  /** Lets time pass until something holds; throws when it does not within a minute. */
  async until(holds: () => boolean): Promise<void> {
    for (let ms = 0; ms < 60_000; ms += FRAME_MS) {
      await turn();
      if (holds()) return;
      this.clock.advance(FRAME_MS);
    }
    throw new Error("cannot go on: what was waited for did not happen within a minute");
  }
}

/** A walk with turns, stops and attacks, by a seed; call it each frame. */
export function createWalk(session: GameArenaSession, seed: number): (ms: number) => void {
  const random = createRandom(seed);
  let nextMs = 0;
  return (ms) => {
    if (ms < nextMs) return;
    nextMs = ms + 50 + random.below(500);
    session.setControls(random.below(3) - 1, random.below(3) - 1);
    if (random.below(8) === 0) session.attack();
    if (random.below(8) === 0) session.face(random.below(2) === 0);
  };
}

/** Lets what waits for a promise run; virtual time needs no more. */
async function turn(): Promise<void> {
  for (let index = 0; index < 4; index += 1) await Promise.resolve();
}
