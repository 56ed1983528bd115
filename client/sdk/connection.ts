import type { CancelTimer, Clock } from "#shared/time/clock.ts";

/** Closed from here because nothing came for too long. Not a code of the wire. */
export const CLOSE_SILENT = 0;

/** As much of a WebSocket as is used here. */
export interface GameSocket {
  binaryType: BinaryType;
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** Opens a socket; the global `WebSocket` is one. */
export type GameSocketClass = new (url: string) => GameSocket;

export interface ConnectionOptions {
  readonly address: string;
  readonly WebSocket: GameSocketClass;
  readonly clock: Clock;
  /** First frame; sent as soon as the socket is open. */
  readonly hello: () => Uint8Array;
  readonly received: (bytes: Uint8Array) => void;
  /** Once, whoever closed. */
  readonly closed: (code: number) => void;
}

/** How long nothing may come before the connection counts as dead. */
const SILENCE_MS_MAX = 6_000;
/** How often that is looked at. */
const WATCH_MS = 1_000;
/** Silent looks in a row that count: after a sleep the first one is always silent. */
const SILENT_LOOKS = 2;

/**
 * One WebSocket from its opening to its end. Nothing of it is heard after `closed`. The browser
 * takes minutes to see that a network is gone, so silence closes it from here.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: GameSocket;
  #cancelWatch: CancelTimer | undefined;
  #heardMs: number;
  #silentLooks = 0;
  #over = false;
  bytesIn = 0;
  bytesOut = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#heardMs = options.clock.monotonicMs();
    this.#socket = new options.WebSocket(options.address);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => this.send(options.hello());
    this.#socket.onmessage = (event: MessageEvent) => this.#receive(event.data);
    this.#socket.onclose = (event: CloseEvent) => this.#end(event.code);
    this.#socket.onerror = () => undefined;
    this.#watch();
  }

  /** Frames that cannot be sent are lost: the session sends what matters again when it resumes. */
  send(bytes: Uint8Array): void {
    if (this.#over || this.#socket.readyState !== OPEN) return;
    this.bytesOut += bytes.byteLength;
    this.#socket.send(bytes.slice());
  }

  /** Ends it from here; `closed` hears `code` at once. */
  close(code: number): void {
    if (this.#over) return;
    this.#end(code);
    this.#socket.close();
  }

  #receive(data: unknown): void {
    if (this.#over || !(data instanceof ArrayBuffer)) return;
    this.#heardMs = this.#options.clock.monotonicMs();
    this.#silentLooks = 0;
    this.bytesIn += data.byteLength;
    this.#options.received(new Uint8Array(data));
  }

  #watch(): void {
    this.#cancelWatch = this.#options.clock.schedule(WATCH_MS, () => {
      const silentMs = this.#options.clock.monotonicMs() - this.#heardMs;
      this.#silentLooks = silentMs > SILENCE_MS_MAX ? this.#silentLooks + 1 : 0;
      if (this.#silentLooks >= SILENT_LOOKS) this.close(CLOSE_SILENT);
      else this.#watch();
    });
  }

  #end(code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelWatch?.();
    this.#options.closed(code);
  }
}

/** `WebSocket.OPEN`, which an injected class need not have. */
const OPEN = 1;
