/** What became of connections whose clients do not tell. */
export interface KernelFigures {
  readonly notClosed: number;
  /** Of those that were. */
  readonly closedMsMax: number;
  readonly closedMsMedian: number;
  /** Most bytes that both kernels together held for one of them. */
  readonly heldBytesMax: number;
}

/** What the thread is told first; anything after it means stop. */
export interface KernelWatchOrders {
  readonly serverPort: number;
  /** The clients' ports. */
  readonly ports: readonly number[];
}

/**
 * Follows connections through the kernel's eyes, since their clients are blind. In a thread of its
 * own: a look takes some ten milliseconds, which would be measured as the shard's.
 */
export class KernelWatch {
  readonly #worker = new Worker(new URL("./kernel-watch-thread.ts", import.meta.url));
  readonly #figures = Promise.withResolvers<KernelFigures>();

  /** Time counts from here. */
  constructor(address: string, ports: readonly number[]) {
    this.#worker.onmessage = ({ data }: MessageEvent<KernelFigures>) => this.#figures.resolve(data);
    this.#worker.onerror = ({ message }) => this.#figures.reject(new Error(message));
    const orders: KernelWatchOrders = { serverPort: Number(new URL(address).port), ports };
    this.#worker.postMessage(orders);
  }

  async stop(): Promise<KernelFigures> {
    this.#worker.postMessage("stop");
    const figures = await this.#figures.promise;
    this.#worker.terminate();
    return figures;
  }
}
