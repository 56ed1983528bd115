import type { Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";

/** How a path behaves in one direction. */
export interface PathConditions {
  /** Mean time on the way. */
  readonly latencyMs: number;
  /** Each packet's time differs from the mean by up to this much. */
  readonly jitterMs: number;
  /** Share of packets that are lost, 0 to 1. */
  readonly loss: number;
  /** Until a lost packet is sent again; doubles with each further loss of the same packet. */
  readonly retransmitMs: number;
}

export interface PacketPathOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly conditions: PathConditions;
  readonly deliver: (bytes: Uint8Array) => void;
}

/** Losses of one packet in a row; a real connection gives up, too. */
const LOSSES_MAX = 6;
/** Steps of the uniform distribution that jitter and loss are drawn from. */
const DRAW = 1_000_000;

/**
 * One direction of a TCP connection on a bad path, in virtual time and by a seed. TCP delivers in
 * order and whole: jitter never reorders, and a loss is a delay of its packet and of all after it.
 */
export class PacketPath {
  readonly #options: PacketPathOptions;
  readonly #onTheWay: Uint8Array[] = [];
  #lastArrivalMs = 0;
  #cut = false;
  delivered = 0;
  lost = 0;

  constructor(options: PacketPathOptions) {
    this.#options = options;
  }

  send(bytes: Uint8Array): void {
    const { clock, deliver } = this.#options;
    const nowMs = clock.monotonicMs();
    const arrivalMs = Math.max(this.#lastArrivalMs, nowMs + this.#travelMs());
    this.#lastArrivalMs = arrivalMs;
    this.#onTheWay.push(bytes);
    // Browsers round delays, and then timers for one moment do not go off in their order.
    clock.schedule(arrivalMs - nowMs, () => {
      const first = this.#onTheWay.shift();
      if (this.#cut || first === undefined) return;
      this.delivered += 1;
      deliver(first);
    });
  }

  /** Nothing arrives any more, what is on its way included. */
  cut(): void {
    this.#cut = true;
  }

  #travelMs(): number {
    const { latencyMs, jitterMs, loss, retransmitMs } = this.#options.conditions;
    let travelMs = latencyMs + (this.#draw() * 2 - 1) * jitterMs;
    for (let losses = 0; losses < LOSSES_MAX && this.#draw() < loss; losses += 1) {
      travelMs += retransmitMs * 2 ** losses;
      this.lost += 1;
    }
    return travelMs;
  }

  #draw(): number {
    return this.#options.random.below(DRAW) / DRAW;
  }
}
