/** A worse way to the shard than the machine has, to see how play feels over it. */

import { PacketPath, type PathConditions } from "#shared/net/packet-path.ts";
import type { Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { GameSocket, GameSocketClass } from "../sdk/connection.ts";

/** Time that a lost packet costs beyond its way: TCP's least retransmission timeout on Linux. */
const RETRANSMIT_MS = 200;
const LATENCY_MS_MAX = 5_000;
const LOSS_PERCENT_MAX = 50;

export interface BadPathOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Of each direction. */
  readonly conditions: PathConditions;
  /** The real one. */
  readonly WebSocket: GameSocketClass;
}

/**
 * Reads `?latency=150&jitter=20&loss=2`: round trip and its variation in milliseconds, packets lost
 * in percent. Null when the address asks for none of them.
 */
export function readConditions(parameters: URLSearchParams): PathConditions | null {
  if (!["latency", "jitter", "loss"].some((name) => parameters.has(name))) return null;
  const read = (name: string, max: number) => {
    const value = Number(parameters.get(name) ?? 0);
    return Number.isFinite(value) ? Math.min(max, Math.max(0, value)) : 0;
  };
  const latencyMs = read("latency", LATENCY_MS_MAX) / 2;
  return {
    latencyMs,
    jitterMs: Math.min(latencyMs, read("jitter", LATENCY_MS_MAX) / 2),
    loss: read("loss", LOSS_PERCENT_MAX) / 100,
    retransmitMs: RETRANSMIT_MS,
  };
}

/** A WebSocket whose messages take the bad path, in both directions. */
export function overBadPath(options: BadPathOptions): GameSocketClass {
  return class extends BadPathSocket {
    constructor(url: string) {
      super(url, options);
    }
  };
}

/** Stands for the end of the connection on the way down; a frame is never empty. */
const END = new Uint8Array(0);

class BadPathSocket implements GameSocket {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly #socket: GameSocket;
  readonly #up: PacketPath;
  #ending: CloseEvent | undefined;

  constructor(url: string, { clock, random, conditions, WebSocket }: BadPathOptions) {
    const socket = new WebSocket(url);
    const down = new PacketPath({
      clock,
      random,
      conditions,
      deliver: (bytes) => this.#arrive(bytes),
    });
    this.#up = new PacketPath({
      clock,
      random,
      conditions,
      deliver: (bytes) => socket.send(bytes.slice()),
    });
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = (event) => this.onopen?.(event);
    socket.onerror = (event) => this.onerror?.(event);
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) down.send(new Uint8Array(data));
    };
    socket.onclose = (event) => {
      this.#up.cut();
      this.#ending = event;
      down.send(END);
    };
  }

  get binaryType(): BinaryType {
    return this.#socket.binaryType;
  }

  set binaryType(type: BinaryType) {
    this.#socket.binaryType = type;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#up.send(bytes);
  }

  close(): void {
    this.#socket.close();
  }

  #arrive(bytes: Uint8Array): void {
    if (bytes === END && this.#ending !== undefined) this.onclose?.(this.#ending);
    else this.onmessage?.(new MessageEvent("message", { data: bytes.slice().buffer }));
  }
}
