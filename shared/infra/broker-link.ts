// One connection to a broker, kept for as long as a process lives.
//
// The clients of brokers bring reconnecting of their own, each with its own queues and its own idea
// of what is lost. Here a connection has one life: it is opened, watched by pings, and thrown away
// at the first fault. What a broker that was killed, wiped, frozen or replaced looks like to the
// rest of the house is then one thing, the same for all brokers: away, and later a new connection.
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { Log } from "./log.ts";
import { within } from "./within.ts";

/** A connection that works until `closed` resolves, with the reason. */
export interface LinkConnection {
  readonly closed: Promise<string>;
  /** Resolves when the other side answers. */
  ping(): Promise<void>;
  /** Lets go of it at once; never throws. */
  close(): Promise<void>;
}

/** How patient a link is; all have defaults. */
export interface LinkTimings {
  /** For an answer to any call. */
  readonly callMs: number;
  /** For opening a connection, greeting and credentials included. */
  readonly openMs: number;
  /** Between two pings. */
  readonly pingEveryMs: number;
  /** For the answer to one; without it the connection is given up. */
  readonly pingMs: number;
  /** Waits before trying again double between these; a connection that lasted begins anew. */
  readonly retryMsMin: number;
  readonly retryMsMax: number;
}

export const LINK_TIMINGS: LinkTimings = {
  callMs: 2_000,
  openMs: 3_000,
  pingEveryMs: 500,
  pingMs: 2_000,
  retryMsMin: 100,
  retryMsMax: 1_000,
};

export interface LinkOptions<C extends LinkConnection> {
  /** What is at the other end, for people; no secrets. */
  readonly name: string;
  readonly open: () => Promise<C>;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<LinkTimings> | undefined;
  /** A connection stands; it is `current` once this has resolved. */
  readonly opened?: (connection: C) => Promise<void> | void;
  readonly lost?: () => void;
}

/** Keeps one connection open; says once that the other end is away, and once that it is back. */
export class BrokerLink<C extends LinkConnection> {
  readonly #options: LinkOptions<C>;
  readonly timings: LinkTimings;
  readonly #ended = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  #current: C | undefined;
  #waiting: ((connection: C | undefined) => void)[] = [];
  #trouble: string | undefined = "not connected yet";
  #saidAway = false;
  #closed = false;
  /** Rises with each connection. */
  connections = 0;

  constructor(options: LinkOptions<C>) {
    this.#options = options;
    this.timings = { ...LINK_TIMINGS, ...options.timings };
    this.#running = this.#run();
  }

  /** The connection, while there is one. */
  get current(): C | undefined {
    return this.#current;
  }

  /** Why there is no connection; undefined while there is one. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** The connection, once there is one; throws when none comes within a call's time. */
  async ready(): Promise<C> {
    if (this.#current !== undefined) return this.#current;
    const { clock, name } = this.#options;
    const { promise, resolve } = Promise.withResolvers<C | undefined>();
    this.#waiting.push(resolve);
    const cancel = clock.schedule(this.timings.callMs, () => resolve(undefined));
    const connection = await promise;
    cancel();
    this.#waiting = this.#waiting.filter((one) => one !== resolve);
    if (connection !== undefined) return connection;
    throw new Error(`${name} is away: ${this.#trouble ?? "it was lost"}`);
  }

  /** Calls with the connection, once there is one, and waits no longer than a call may take. */
  async call<T>(ask: (connection: C) => Promise<T>): Promise<T> {
    const connection = await this.ready();
    return await within(this.#options.clock, this.timings.callMs, ask(connection));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ended.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { retryMsMin, retryMsMax } = this.timings;
    let retryMs = retryMsMin;
    while (!this.#closed) {
      const connection = await this.#open();
      if (connection !== undefined) {
        const sinceMs = this.#options.clock.monotonicMs();
        await this.#live(connection);
        // One that is lost as soon as it stands is no better than none.
        if (this.#options.clock.monotonicMs() - sinceMs >= retryMsMax) retryMs = retryMsMin;
      }
      if (this.#closed) break;
      await this.#sleep(retryMs);
      retryMs = Math.min(retryMsMax, retryMs * 2);
    }
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
  }

  async #open(): Promise<C | undefined> {
    const { open, clock, opened } = this.#options;
    const opening = open();
    let connection: C | undefined;
    try {
      connection = await within(clock, this.timings.openMs, opening);
      // Whoever is told may call; nobody else does before all of them are done.
      await within(clock, this.timings.openMs, Promise.resolve(opened?.(connection)));
      return connection;
    } catch (error) {
      this.#away(messageOf(error));
      // One that opens after all is not wanted any more.
      void opening.then((late) => late.close()).catch(() => undefined);
      return undefined;
    }
  }

  async #live(connection: C): Promise<void> {
    const { log, name, lost } = this.#options;
    this.connections += 1;
    this.#current = connection;
    this.#trouble = undefined;
    if (this.#saidAway) log.info("broker is back", { broker: name });
    this.#saidAway = false;
    for (const resolve of this.#waiting.splice(0)) resolve(connection);
    const watch = this.#watch(connection);
    const reason = await Promise.race([connection.closed, watch.lost, this.#ended.promise]);
    watch.cancel();
    this.#current = undefined;
    if (!this.#closed) this.#away(reason ?? "it was lost");
    lost?.();
    await connection.close();
  }

  /** Pings one after the other; `lost` resolves when one is not answered. */
  #watch(connection: C): { lost: Promise<string>; cancel: CancelTimer } {
    const { clock } = this.#options;
    const { pingEveryMs, pingMs } = this.timings;
    const { promise, resolve } = Promise.withResolvers<string>();
    let cancel = clock.schedule(pingEveryMs, ping);
    let isOver = false;
    function ping(): void {
      within(clock, pingMs, connection.ping()).then(
        () => {
          if (!isOver) cancel = clock.schedule(pingEveryMs, ping);
        },
        (error) => resolve(messageOf(error)),
      );
    }
    return {
      lost: promise,
      cancel: () => {
        isOver = true;
        cancel();
      },
    };
  }

  #away(reason: string): void {
    this.#trouble = reason;
    if (this.#saidAway || this.#closed) return;
    this.#saidAway = true;
    const { log, name } = this.#options;
    log.warning("broker is away, trying again until it is back", { broker: name, reason });
  }

  async #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.schedule(ms, resolve);
    await Promise.race([promise, this.#ended.promise]);
    cancel();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
