import { PacketPath, type PathConditions } from "#shared/net/packet-path.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { GameSocket, GameSocketClass } from "../connection.ts";

/** The server's end of a fake connection. */
export interface ServerEnd {
  send(bytes: Uint8Array): void;
  /** In order after what was sent. */
  close(code: number): void;
}

/** What listens on the fake network. */
export interface Listener {
  connected(end: ServerEnd): {
    received(bytes: Uint8Array): void;
    closed(): void;
  };
}

/** Sockets in virtual time, with the faults of a bad path and of a pulled cable. */
export class FakeNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #conditions: PathConditions;
  readonly #sockets = new Set<FakeSocket>();
  /** Nobody answers while there is none. */
  listener: Listener | undefined;
  attempts = 0;

  constructor(options: { clock: Clock; seed: number; conditions: PathConditions }) {
    this.#clock = options.clock;
    this.#random = createRandom(options.seed);
    this.#conditions = options.conditions;
  }

  /** To be given to a client in place of the global class. */
  get WebSocket(): GameSocketClass {
    const open = (socket: FakeSocket) => this.#open(socket);
    return class extends FakeSocket {
      constructor() {
        super();
        open(this);
      }
    };
  }

  /** Every connection breaks without a word from the other side. */
  cut(code = 1006): void {
    for (const socket of [...this.#sockets]) socket.end(code);
  }

  #open(socket: FakeSocket): void {
    this.attempts += 1;
    this.#sockets.add(socket);
    this.#clock.schedule(this.#conditions.latencyMs * 2, () => {
      if (this.listener === undefined) socket.end(1006);
      else this.#connect(socket, this.listener);
    });
  }

  #connect(socket: FakeSocket, listener: Listener): void {
    const path = (deliver: (bytes: Uint8Array) => void) =>
      new PacketPath({
        clock: this.#clock,
        random: this.#random,
        conditions: this.#conditions,
        deliver,
      });
    const down = path((bytes) => {
      if (bytes.byteLength > 0) socket.hear(bytes);
      else socket.end(closeCode);
    });
    let closeCode = 1006;
    const server = listener.connected({
      send: (bytes) => down.send(bytes.slice()),
      close: (code) => {
        closeCode = code;
        // Frames are never empty, so an empty packet stands for the end.
        down.send(new Uint8Array(0));
      },
    });
    const up = path((bytes) => server.received(bytes));
    socket.connected({
      send: (bytes) => up.send(bytes),
      ended: () => {
        up.cut();
        down.cut();
        this.#sockets.delete(socket);
        server.closed();
      },
    });
  }
}

interface Wire {
  send(bytes: Uint8Array): void;
  ended(): void;
}

class FakeSocket implements GameSocket {
  binaryType: BinaryType = "blob";
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  #wire: Wire | undefined;

  connected(wire: Wire): void {
    if (this.readyState !== 0) return;
    this.#wire = wire;
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  hear(bytes: Uint8Array): void {
    const data = bytes.slice().buffer;
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#wire?.send(bytes);
  }

  close(): void {
    this.end(1005);
  }

  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#wire?.ended();
    this.onclose?.(new CloseEvent("close", { code }));
  }
}
