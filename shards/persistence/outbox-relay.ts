import { fromBinary } from "@bufbuild/protobuf";
import { BusMessageSchema } from "#proto/bus_pb.ts";
import type { Bus } from "#shared/infra/bus/bus.ts";
import type { OutboxMessage } from "../loop/messages.ts";

/**
 * Tells the bus what stands in the outbox, each message at least once and with its own id. What
 * comes while the bus is away waits here; the Worker sends no more until all of it was told.
 */
export class OutboxRelay {
  readonly #bus: Bus;
  readonly #told: (ids: readonly string[]) => void;
  readonly #waiting: OutboxMessage[] = [];

  /** `told` hears which messages need not be told again. */
  constructor(bus: Bus, told: (ids: readonly string[]) => void) {
    this.#bus = bus;
    this.#told = told;
  }

  /** Messages that are in the database. */
  take(messages: readonly OutboxMessage[]): void {
    this.#waiting.push(...messages);
    this.tell();
  }

  /** Tells what waits; to be called now and then, since the bus may be back. */
  tell(): void {
    if (this.#waiting.length === 0 || !this.#bus.connected) return;
    const messages = this.#waiting.splice(0);
    for (const { id, topic, message } of messages) {
      const { payload } = fromBinary(BusMessageSchema, message);
      if (payload.case !== undefined) this.#bus.publish(topic, payload, id);
    }
    this.#told(messages.map(({ id }) => id));
  }
}
