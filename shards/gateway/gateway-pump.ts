import type { Clock } from "#shared/time/clock.ts";
import type { ControlMessage } from "../loop/messages.ts";
import { countSends } from "../loop/publication.ts";
import type { Gateway } from "./gateway.ts";
import type { ChannelReader } from "./link/channel.ts";
import type { LinkHeader, TickStart } from "./link/link-header.ts";
import type { SlotsReader } from "./link/publication-slots.ts";

/** A gateway sends for so long at a stretch; then it serves its sockets. */
const SLICE_MS = 2;

export interface PumpOptions {
  gateway: Gateway;
  clock: Clock;
  header: LinkHeader;
  control: ChannelReader<ControlMessage>;
  slots: SlotsReader;
  /** Runs the callback once the sockets have been served. */
  yieldTo: (callback: () => void) => void;
  /** A stretch of sending is over. */
  stretched: (durationMs: number) => void;
}

/**
 * Takes what the loop has for a gateway and lets it out: control messages first, then the frames of
 * each publication, in slices, so that no socket waits for long.
 */
export class GatewayPump {
  readonly #options: PumpOptions;
  readonly #last: TickStart = { tick: 0, intendedMs: 0 };
  #next = 0;
  #isYielding = false;

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  /** To be called whenever the loop may have written something. */
  pump(): void {
    this.#takeControl();
    if (!this.#isYielding) this.#sendSlice();
  }

  #takeControl(): void {
    const { control, gateway, header } = this.#options;
    control.drain({
      message: (message) => gateway.control(message),
      bytes: (_, payload) => gateway.deliver(payload),
    });
    header.readTick(this.#last);
    gateway.ticked(this.#last.tick, this.#last.intendedMs);
  }

  #sendSlice(): void {
    const { gateway, clock, slots, yieldTo, stretched } = this.#options;
    const startMs = clock.monotonicMs();
    const untilMs = startMs + SLICE_MS;
    let isOver = false;
    let hasSent = false;
    for (let view = slots.peek(); view !== undefined && !isOver; view = slots.peek()) {
      hasSent = true;
      this.#next = gateway.sendFrames(view, this.#next, untilMs);
      if (this.#next >= countSends(view)) {
        slots.finish();
        this.#next = 0;
      }
      isOver = clock.monotonicMs() >= untilMs;
    }
    if (hasSent) stretched(clock.monotonicMs() - startMs);
    if (!isOver) return;
    this.#isYielding = true;
    yieldTo(() => {
      this.#isYielding = false;
      this.pump();
    });
  }
}
