import { fromBinary } from "@bufbuild/protobuf";
import { BusMessageSchema } from "#proto/bus_pb.ts";
import type { Bus } from "#shared/infra/bus/bus.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { OutboxMessage } from "../loop/messages.ts";

/** On their way at once. */
const SENDING_MAX = 200;
/** After a bus that did not take them. */
const RETRY_MS = 500;

/**
 * Sends what stands in the outbox over the bus, each message until the bus has taken it, and with
 * its own id. What the bus does not take waits here; the Worker hands over no more until all of it
 * was taken, which bounds it.
 */
export class OutboxRelay {
  readonly #bus: Pick<Bus, "send">;
  readonly #clock: Clock;
  readonly #told: (ids: readonly string[]) => void;
  #waiting: OutboxMessage[] = [];
  #busy = false;

  /** `told` hears which messages need not be sent again. */
  constructor(options: {
    bus: Pick<Bus, "send">;
    clock: Clock;
    told: (ids: readonly string[]) => void;
  }) {
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#told = options.told;
  }

  /** Messages that are in the database. */
  take(messages: readonly OutboxMessage[]): void {
    this.#waiting.push(...messages);
    if (!this.#busy) void this.#send();
  }

  async #send(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const messages = this.#waiting.splice(0, SENDING_MAX);
      const taken = await Promise.all(messages.map((message) => this.#sendOne(message)));
      const ids = messages.filter((_, index) => taken[index]).map(({ id }) => id);
      if (ids.length > 0) this.#told(ids);
      this.#waiting = [...messages.filter((_, index) => !taken[index]), ...this.#waiting];
      if (ids.length < messages.length) {
        // Going on is for the clock; what comes until then waits with the rest.
        this.#clock.schedule(RETRY_MS, () => void this.#send());
        return;
      }
    }
    this.#busy = false;
  }

  /** Whether the bus has taken it. */
  async #sendOne({ id, topic, message }: OutboxMessage): Promise<boolean> {
    const { payload, priority } = fromBinary(BusMessageSchema, message);
    if (payload.case === undefined) return true; // Of a later version; nobody could read it.
    try {
      await this.#bus.send(topic, payload, { id, priority });
      return true;
    } catch {
      return false; // The bus says itself that it is away.
    }
  }
}
