// What gateways count. Each gateway adds to numbers in shared memory of its own; the loop's thread
// reads them when somebody asks for metrics. No message, no lock: one writer for each number.
import type { Histogram, Metrics } from "#shared/infra/metrics.ts";
import { CLOSE } from "#shared/net/protocol.ts";

export type RefusalCause = "origin" | "address" | "upgrade";

/** What a gateway tells of its work. */
export interface GatewayMetrics {
  received(bytes: number): void;
  /** A message beyond the connection's rate, or one for which the loop had no room. */
  droppedMessage(): void;
  sentFrame(bytes: number): void;
  skippedFrame(): void;
  /** A line of a player that is too long, of the wrong kind, or one too many. */
  refusedLine(): void;
  /** Clients that do not read miss what others say. */
  lostLines(count: number): void;
  opened(): void;
  /** The socket is gone, whoever closed it. */
  gone(): void;
  /** The shard closes a connection. */
  closed(code: number): void;
  refused(cause: RefusalCause): void;
  /** The gateway worked for so long without serving its sockets. */
  stalled(durationMs: number): void;
}

const TOTALS = [
  "received",
  "receivedBytes",
  "dropped",
  "frames",
  "frameBytes",
  "skipped",
  "linesRefused",
  "linesLost",
  "opened",
  "gone",
] as const;
type Total = (typeof TOTALS)[number];

const CODES: readonly number[] = Object.values(CLOSE);
const CAUSES: readonly RefusalCause[] = ["origin", "address", "upgrade"];
/** Upper bounds of the stretches; the last is for all that took longer. */
const STALL_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.0035, 0.004, 0.0045, 0.005, 0.006, 0.008, 0.012, 0.02, 0.05, 0.1,
];

const CODES_AT = TOTALS.length;
const CAUSES_AT = CODES_AT + CODES.length;
const STALLS_AT = CAUSES_AT + CAUSES.length;
const NUMBERS = STALLS_AT + (STALL_SECONDS.length + 1) * 2;

/** Memory for one gateway's numbers. */
export function allocateGatewayCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer(NUMBERS * Float64Array.BYTES_PER_ELEMENT);
}

/** The gateway's end. */
export function createGatewayMetrics(memory: SharedArrayBuffer): GatewayMetrics {
  const numbers = new Float64Array(memory);
  const add = (at: number, amount = 1) => {
    numbers[at] = (numbers[at] ?? 0) + amount;
  };
  const addTotal = (total: Total, amount?: number) => add(TOTALS.indexOf(total), amount);
  const [frames, frameBytes] = [TOTALS.indexOf("frames"), TOTALS.indexOf("frameBytes")];
  return {
    received(bytes) {
      addTotal("received");
      addTotal("receivedBytes", bytes);
    },
    droppedMessage: () => addTotal("dropped"),
    sentFrame(bytes) {
      add(frames);
      add(frameBytes, bytes);
    },
    skippedFrame: () => addTotal("skipped"),
    refusedLine: () => addTotal("linesRefused"),
    lostLines: (count) => addTotal("linesLost", count),
    opened: () => addTotal("opened"),
    gone: () => addTotal("gone"),
    closed: (code) => add(CODES_AT + CODES.indexOf(code)),
    refused: (cause) => add(CAUSES_AT + CAUSES.indexOf(cause)),
    stalled(durationMs) {
      const seconds = durationMs / 1_000;
      const bucket = STALL_SECONDS.findIndex((bound) => seconds <= bound);
      const at = STALLS_AT + (bucket < 0 ? STALL_SECONDS.length : bucket) * 2;
      add(at);
      add(at + 1, seconds);
    },
  };
}

/** The loop's end: the families on `/metrics`, summed over all gateways. */
export class GatewayReadings {
  readonly #gateways: readonly Float64Array[];
  readonly #stalls: Histogram;
  readonly #stallsSeen = new Float64Array(NUMBERS - STALLS_AT);

  constructor(metrics: Metrics, memories: readonly SharedArrayBuffer[]) {
    this.#gateways = memories.map((memory) => new Float64Array(memory));
    const counter = (name: string, help: string, total: Total) =>
      metrics.counterOf(`tessera_gateway_${name}_total`, help, () => [
        { value: this.#sum(TOTALS.indexOf(total)) },
      ]);
    counter("messages", "Messages from clients.", "received");
    counter("received_bytes", "Bytes of messages from clients.", "receivedBytes");
    counter("messages_dropped", "Messages beyond a connection's rate or the inbox.", "dropped");
    counter("frames", "Tick frames to clients.", "frames");
    counter("frame_bytes", "Bytes of tick frames.", "frameBytes");
    counter("frames_skipped", "Frames not sent because the client does not read.", "skipped");
    counter("chat_refused", "Lines of players refused at the socket.", "linesRefused");
    counter("chat_lost", "Lines not sent because the client does not read.", "linesLost");
    metrics.counterOf("tessera_gateway_closed_total", "Connections closed by the shard.", () =>
      CODES.map((code, index) => ({
        labels: { code: String(code) },
        value: this.#sum(CODES_AT + index),
      })),
    );
    metrics.counterOf("tessera_gateway_refused_total", "Refused before the upgrade.", () =>
      CAUSES.map((why, index) => ({ labels: { why }, value: this.#sum(CAUSES_AT + index) })),
    );
    this.#stalls = metrics.histogram(
      "tessera_gateway_stall_seconds",
      "How long a gateway worked at a stretch without serving its sockets.",
      { buckets: STALL_SECONDS },
    );
  }

  /** Open game sockets. */
  get connections(): number {
    return this.#sum(TOTALS.indexOf("opened")) - this.#sum(TOTALS.indexOf("gone"));
  }

  /** Moves what was counted of stretches into the histogram; to be called now and then. */
  collect(): void {
    for (let at = 0; at < this.#stallsSeen.length; at += 2) {
      const count = this.#sum(STALLS_AT + at) - (this.#stallsSeen[at] ?? 0);
      const seconds = this.#sum(STALLS_AT + at + 1) - (this.#stallsSeen[at + 1] ?? 0);
      if (count <= 0) continue;
      // Each at the mean of its bucket: counts and sum are exact, single values are not kept.
      for (let each = 0; each < count; each++) this.#stalls.observe(seconds / count);
      this.#stallsSeen[at] = (this.#stallsSeen[at] ?? 0) + count;
      this.#stallsSeen[at + 1] = (this.#stallsSeen[at + 1] ?? 0) + seconds;
    }
  }

  #sum(at: number): number {
    return this.#gateways.reduce((sum, numbers) => sum + (numbers[at] ?? 0), 0);
  }
}
