/** The persistence Worker of the product; experiments have one with faults of its own. */
export const PERSISTENCE_THREAD = new URL("./persistence/worker.ts", import.meta.url);

/** A gateway's Worker. */
export const GATEWAY_THREAD = new URL("./gateway/gateway-thread.ts", import.meta.url);

/**
 * A thread that is started before there is work for it: its modules load on another core, while
 * this thread loads its own or replays a journal.
 */
export class EarlyThread {
  readonly #worker: Worker;
  #failure: ErrorEvent | undefined;

  /** The system knows the thread by its name, of 15 characters at most. */
  constructor(url: URL, name: "gateway" | "persistence") {
    this.#worker = new Worker(url, { smol: true, name });
    this.#worker.onerror = (event) => {
      this.#failure = event;
    };
  }

  /** Hands it over, with what went wrong so far or does later; once. */
  take(failed: (event: ErrorEvent) => void): Worker {
    this.#worker.onerror = failed;
    const failure = this.#failure;
    if (failure !== undefined) queueMicrotask(() => failed(failure));
    return this.#worker;
  }

  /** Ends it: there will be no work. */
  end(): void {
    this.#worker.terminate();
  }
}
