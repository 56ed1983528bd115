// What was sent to one topic of the local bus.
//
// It lies in the server's memory, so it is as safe as that process: `add` resolves only when every
// consumer that is there has dealt with the message, and a sender whose server died before sends it
// again. What is kept for a name that nobody consumes under at that moment goes with the process.
import type { Clock } from "#shared/time/clock.ts";
import { type Entry, READ_WAIT_MS, type Reader, type Retention } from "./broker-connection.ts";

/** Of one topic; beyond it the oldest message goes, and who was not handed it is told. */
const STREAM_BYTES_MAX = 16 * 1024 * 1024;

interface Held {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly atMs: number;
  /** Resolves those who sent it. */
  senders: (() => void)[];
}

/** A name's place in the topic. */
interface Place {
  /** Of the first message that was handed to nobody under this name. */
  next: number;
  /** Handed out and not acknowledged. */
  readonly pending: Map<number, { reader: HubReader | undefined; sinceMs: number }>;
  readonly readers: Set<HubReader>;
}

/** Keeps a topic's messages for those who read it under their names. */
export class HubStream {
  readonly #clock: Clock;
  readonly #retention: Retention;
  readonly #held = new Map<number, Held>();
  /** Those whose senders have not been told. */
  readonly #unsettled = new Set<Held>();
  readonly #seen = new Map<string, { atMs: number; number: number }>();
  readonly #places = new Map<string, Place>();
  #next = 1;
  #bytes = 0;

  constructor(clock: Clock, retention: Retention) {
    this.#clock = clock;
    this.#retention = retention;
  }

  /** Resolves when all who are there have dealt with it, at once when nobody is. */
  add(id: string, bytes: Uint8Array): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    this.#trim(nowMs);
    const { promise, resolve } = Promise.withResolvers<void>();
    const seen = this.#held.get(this.#seen.get(id)?.number ?? 0);
    if (seen !== undefined) {
      seen.senders.push(resolve);
      this.#unsettled.add(seen);
    } else if (this.#seen.has(id)) resolve();
    else {
      const number = this.#next++;
      this.#seen.set(id, { atMs: nowMs, number });
      const held = { number, bytes, atMs: nowMs, senders: [resolve] };
      this.#held.set(number, held);
      this.#unsettled.add(held);
      this.#bytes += bytes.length;
      for (const place of this.#places.values()) wake(place);
    }
    this.#settleSenders();
    return promise;
  }

  /** Reads under a name, which is made when it is new. */
  open(name: string, from: "start" | "now"): Reader {
    const first = this.#held.keys().next().value ?? this.#next;
    const place = this.#places.get(name) ?? {
      next: from === "start" ? first : this.#next,
      pending: new Map(),
      readers: new Set(),
    };
    this.#places.set(name, place);
    const reader = new HubReader({
      clock: this.#clock,
      take: (max) => this.#take(place, reader, max),
      settle: (numbers, isDone) => this.#settle(place, reader, { numbers, isDone }),
      leave: () => this.#leave(place, reader),
    });
    place.readers.add(reader);
    return reader;
  }

  /** What lost its reader or became stale, then what nobody was handed. */
  #take(place: Place, reader: HubReader, max: number): Entry[] {
    const nowMs = this.#clock.monotonicMs();
    this.#trim(nowMs);
    const entries: Entry[] = [];
    const hand = (number: number, redelivered: boolean) => {
      place.pending.set(number, { reader, sinceMs: nowMs });
      entries.push({ bytes: this.#held.get(number)?.bytes, redelivered, token: number });
    };
    for (const [number, { reader: holder, sinceMs }] of place.pending) {
      if (entries.length >= max) return entries;
      const isStale = nowMs - sinceMs >= this.#retention.staleMs;
      if (holder === undefined || isStale) hand(number, true);
    }
    while (entries.length < max && place.next < this.#next) hand(place.next++, false);
    return entries;
  }

  #settle(
    place: Place,
    reader: HubReader,
    { numbers, isDone }: { numbers: readonly number[]; isDone: boolean },
  ): void {
    const sinceMs = this.#clock.monotonicMs();
    for (const number of numbers) {
      if (isDone) place.pending.delete(number);
      else if (place.pending.has(number)) place.pending.set(number, { reader, sinceMs });
    }
    if (isDone) this.#settleSenders();
  }

  #leave(place: Place, reader: HubReader): void {
    place.readers.delete(reader);
    for (const [number, { reader: holder, sinceMs }] of place.pending) {
      if (holder === reader) place.pending.set(number, { reader: undefined, sinceMs });
    }
    wake(place);
    this.#settleSenders();
  }

  /** Nobody who is there has anything to do with a message before its sender is told. */
  #settleSenders(): void {
    const present = [...this.#places.values()].filter(({ readers }) => readers.size > 0);
    for (const held of this.#unsettled) {
      // In order of age: whoever was not handed this one was not handed those after it.
      if (present.some(({ next }) => held.number >= next)) break;
      if (!present.some(({ pending }) => pending.has(held.number))) this.#tell(held);
    }
  }

  #tell(held: Held): void {
    this.#unsettled.delete(held);
    for (const told of held.senders.splice(0)) told();
  }

  #trim(nowMs: number): void {
    const { ageMs, lengthMax, deduplicateMs } = this.#retention;
    for (const held of this.#held.values()) {
      const isOver = this.#held.size > lengthMax || this.#bytes > STREAM_BYTES_MAX;
      if (!isOver && nowMs - held.atMs <= ageMs) break;
      this.#held.delete(held.number);
      this.#bytes -= held.bytes.length;
      this.#tell(held);
    }
    for (const [id, { atMs, number }] of this.#seen) {
      if (nowMs - atMs <= deduplicateMs || this.#held.has(number)) break;
      this.#seen.delete(id);
    }
  }
}

interface HubReaderParts {
  readonly clock: Clock;
  readonly take: (max: number) => Entry[];
  readonly settle: (numbers: readonly number[], isDone: boolean) => void;
  readonly leave: () => void;
}

/** Reads in the memory of the hub. */
class HubReader implements Reader {
  readonly #parts: HubReaderParts;
  #wake: () => void = () => undefined;
  #closed = false;

  constructor(parts: HubReaderParts) {
    this.#parts = parts;
  }

  async next(max: number): Promise<readonly Entry[]> {
    const { clock, take } = this.#parts;
    const entries = take(max);
    if (entries.length > 0 || this.#closed) return entries;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const cancel = clock.schedule(READ_WAIT_MS, resolve);
    await promise;
    cancel();
    return this.#closed ? [] : take(max);
  }

  async acknowledge(entries: readonly Entry[]): Promise<void> {
    this.#parts.settle(numbersOf(entries), true);
  }

  async keep(entries: readonly Entry[]): Promise<void> {
    this.#parts.settle(numbersOf(entries), false);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake();
    this.#parts.leave();
  }

  wake(): void {
    this.#wake();
  }
}

function wake({ readers }: Place): void {
  for (const reader of readers) reader.wake();
}

function numbersOf(entries: readonly Entry[]): number[] {
  return entries.map(({ token }) => Number(token));
}
