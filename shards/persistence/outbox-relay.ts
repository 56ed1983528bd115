import { fromBinary } from "@bufbuild/protobuf";
import { BusMessageSchema } from "#proto/bus_pb.ts";
import type { Bus } from "#shared/infra/bus/bus.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { OutboxMessage } from "../loop/messages.ts";

/** A connection that lasts so long after a message has carried it, and it was dealt with. */
const SURE_MS = 1_000;

/** Messages that went out together. */
interface Said {
  readonly messages: readonly OutboxMessage[];
  readonly sinceMs: number;
  readonly connection: number;
}

/**
 * Tells the bus what stands in the outbox, each message at least once and with its own id. What
 * comes while the bus is away waits here, and what went out shortly before is told again; the
 * Worker sends no more until all of it was told, which bounds both.
 */
export class OutboxRelay {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #told: (ids: readonly string[]) => void;
  #waiting: OutboxMessage[] = [];
  #said: Said[] = [];

  /** `told` hears which messages need not be told again. */
  constructor(options: { bus: Bus; clock: Clock; told: (ids: readonly string[]) => void }) {
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#told = options.told;
  }

  /** Messages that are in the database. */
  take(messages: readonly OutboxMessage[]): void {
    this.#waiting.push(...messages);
    this.tell();
  }

  /** Tells what waits; to be called now and then, since the bus may be back. */
  tell(): void {
    const { connected, connections } = this.#bus;
    const isLost = ({ connection }: Said) => !connected || connection !== connections;
    const lost = this.#said.filter(isLost).flatMap(({ messages }) => messages);
    if (lost.length > 0) {
      this.#said = this.#said.filter((said) => !isLost(said));
      this.#waiting = [...lost, ...this.#waiting];
    }
    if (!connected) return;
    this.#confirm();
    const messages = this.#waiting.splice(0);
    if (messages.length === 0) return;
    for (const { id, topic, message } of messages) {
      const { payload } = fromBinary(BusMessageSchema, message);
      if (payload.case !== undefined) this.#bus.publish(topic, payload, id);
    }
    const sinceMs = this.#clock.monotonicMs();
    this.#said.push({ messages, sinceMs, connection: connections });
  }

  #confirm(): void {
    const nowMs = this.#clock.monotonicMs();
    for (let first = this.#said[0]; first !== undefined; first = this.#said[0]) {
      if (nowMs - first.sinceMs < SURE_MS) return;
      this.#said.shift();
      this.#told(first.messages.map(({ id }) => id));
    }
  }
}
