// The only file of the load test that knows Bun's TCP sockets.

/** What the owner of a socket hears. */
export interface SocketOwner {
  opened(): void;
  received(chunk: Uint8Array): void;
  /** The connection is gone or could not be made; told once. */
  ended(why: string): void;
}

/** Unsent bytes kept for a shard that does not read; beyond it the connection is cut. */
const UNSENT_BYTES_MAX = 64 * 1_024;

/** A TCP connection; all of them share one set of callbacks. */
export class SwarmSocket {
  readonly #owner: SocketOwner;
  #socket: Bun.Socket<SwarmSocket> | undefined;
  #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #isOver = false;

  /** Connects to the host of a ws:// or wss:// address. */
  constructor(url: URL, owner: SocketOwner) {
    this.#owner = owner;
    const isSecure = url.protocol === "wss:";
    const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
    Bun.connect<SwarmSocket>({
      hostname: url.hostname,
      port,
      data: this,
      socket: handlers,
      ...(isSecure && { tls: { serverName: url.hostname } }),
      // Its handler has heard of the failure already.
    }).catch(() => undefined);
  }

  /** Sends bytes, which may be reused afterwards. */
  write(bytes: Uint8Array): void {
    if (this.#isOver || this.#socket === undefined) return;
    const written = this.#unsentBytes > 0 ? 0 : Math.max(0, this.#socket.write(bytes));
    if (written < bytes.length) this.#keep(bytes.slice(written));
  }

  /** Closes after what was written has gone out. */
  end(): void {
    this.#isOver = true;
    this.#socket?.end();
  }

  /** Cuts the connection at once and without a word; the owner is told. */
  cut(): void {
    this.#socket?.terminate();
    this.lost("cut");
  }

  /** For the callbacks below. */
  opened(socket: Bun.Socket<SwarmSocket>): void {
    this.#socket = socket;
    if (this.#isOver) socket.end();
    else this.#owner.opened();
  }

  received(chunk: Uint8Array): void {
    if (!this.#isOver) this.#owner.received(chunk);
  }

  drained(): void {
    const waiting = this.#unsent.splice(0);
    this.#unsentBytes = 0;
    for (const bytes of waiting) this.write(bytes);
  }

  lost(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.ended(why);
  }

  #keep(bytes: Uint8Array): void {
    this.#unsent.push(bytes);
    this.#unsentBytes += bytes.length;
    if (this.#unsentBytes > UNSENT_BYTES_MAX) this.cut();
  }
}

const handlers: Bun.SocketHandler<SwarmSocket> = {
  open: (socket) => socket.data.opened(socket),
  data: (socket, chunk) => socket.data.received(chunk),
  drain: (socket) => socket.data.drained(),
  close: (socket) => socket.data.lost("closed"),
  end: (socket) => socket.data.lost("closed"),
  error: (socket, error) => socket.data.lost(error.message),
  connectError: (socket, error) => socket.data.lost(error.message),
};
