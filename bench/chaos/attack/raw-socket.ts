import type { Clock } from "#shared/time/clock.ts";
import { upgradeRequest } from "../../load/websocket-framing.ts";

/** How a connection ended, as its client saw it. */
export interface Ending {
  /** From the close frame; undefined when there was none. */
  readonly code: number | undefined;
  readonly atMs: number;
}

const CLOSE_FRAME = 0x88;

/**
 * A TCP connection that says whatever it likes: no framing, no manners. It closes only when the
 * other side has.
 */
export class RawSocket {
  readonly #clock: Clock;
  readonly #opened = Promise.withResolvers<void>();
  readonly #answered = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<Ending>();
  #socket: Bun.Socket<RawSocket> | undefined;
  #code: number | undefined;
  #isOver = false;
  /** The next bytes are the answer to the upgrade, and nobody else's. */
  #isFraming = false;
  /** Hears all bytes, in whatever pieces they come; the answer to `upgrade` excepted. */
  listener: (bytes: Uint8Array) => void = () => undefined;

  private constructor(clock: Clock) {
    this.#clock = clock;
    this.#answered.promise.catch(() => undefined);
  }

  /** Resolves once the TCP connection stands. */
  static async connect(address: string, clock: Clock): Promise<RawSocket> {
    const { hostname, port } = new URL(address);
    const raw = new RawSocket(clock);
    raw.#socket = await Bun.connect<RawSocket>({
      hostname,
      port: Number(port),
      data: raw,
      socket: handlers,
    });
    await raw.#opened.promise;
    return raw;
  }

  /** Connects and has the upgrade to a WebSocket behind it. */
  static async upgrade(address: string, clock: Clock): Promise<RawSocket> {
    const raw = await RawSocket.connect(address, clock);
    raw.#isFraming = true;
    raw.write(upgradeRequest(new URL(address)));
    await raw.#answered.promise;
    return raw;
  }

  /** Bytes that the kernel does not take are lost: what they were does not matter. */
  write(bytes: Uint8Array): void {
    if (!this.#isOver) this.#socket?.write(bytes);
  }

  /** Stops reading; the connection stays as it is. */
  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The other side has closed. */
  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  /** Its own port, to find it among the system's sockets. */
  get localPort(): number {
    return this.#socket?.localPort ?? 0;
  }

  cut(): void {
    this.#socket?.terminate();
  }

  /** For the callbacks below. */
  opened(): void {
    this.#opened.resolve();
  }

  received(bytes: Uint8Array): void {
    if (bytes[0] === CLOSE_FRAME) this.#code = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    if (this.#isFraming) this.#answered.resolve();
    else this.listener(bytes);
    this.#isFraming = false;
  }

  over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#answered.reject(new Error("cannot upgrade: the connection ended"));
    this.#ended.resolve({ code: this.#code, atMs: this.#clock.monotonicMs() });
  }
}

const handlers: Bun.SocketHandler<RawSocket> = {
  open: (socket) => socket.data.opened(),
  data: (socket, bytes) => socket.data.received(bytes),
  end: (socket) => socket.data.over(),
  close: (socket) => socket.data.over(),
  error: (socket) => socket.data.over(),
};
