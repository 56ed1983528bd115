import type { Clock } from "#shared/time/clock.ts";
import { median } from "../../run/medians.ts";
import { readKernelConnections } from "./kernel-sockets.ts";

const LOOK_MS = 50;

/** What became of connections whose clients do not tell. */
export interface KernelFigures {
  readonly notClosed: number;
  /** Of those that were. */
  readonly closedMsMax: number;
  readonly closedMsMedian: number;
  /** Most bytes that both kernels together held for one of them. */
  readonly heldBytesMax: number;
}

/** Follows connections through the kernel's eyes, since their clients are blind. */
export class KernelWatch {
  readonly #serverPort: number;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #closedMs = new Map<number, number>();
  #ports: readonly number[] = [];
  #heldBytesMax = 0;
  #cancel: () => void = () => undefined;

  constructor(address: string, clock: Clock) {
    this.#serverPort = Number(new URL(address).port);
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
  }

  /** Looks again and again from now on, at connections from these ports. */
  follow(ports: readonly number[]): void {
    this.#ports = ports;
    this.#look();
  }

  stop(): KernelFigures {
    this.#cancel();
    const closed = [...this.#closedMs.values()].sort((one, other) => one - other);
    return {
      notClosed: this.#ports.length - closed.length,
      closedMsMax: closed.at(-1) ?? 0,
      closedMsMedian: closed.length === 0 ? 0 : median(closed),
      heldBytesMax: this.#heldBytesMax,
    };
  }

  #look(): void {
    const sinceMs = this.#clock.monotonicMs() - this.#startMs;
    const connections = readKernelConnections(this.#serverPort);
    for (const port of this.#ports) {
      const connection = connections.get(port);
      if (connection === undefined || !connection.isOpen) {
        if (!this.#closedMs.has(port)) this.#closedMs.set(port, sinceMs);
      }
      const { serverBytes = 0, clientBytes = 0 } = connection ?? {};
      this.#heldBytesMax = Math.max(this.#heldBytesMax, serverBytes + clientBytes);
    }
    this.#cancel = this.#clock.schedule(LOOK_MS, () => this.#look());
  }
}
