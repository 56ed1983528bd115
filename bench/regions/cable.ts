import { createServer, type Server, Socket } from "node:net";

/** What a cable lets through. */
export type CableState = "open" | "cut" | "upOnly" | "downOnly" | "unplugged";

/** Both ends of a connection that goes through the cable. */
interface Wire {
  readonly client: Socket;
  readonly server: Socket;
  /** Held back, to the server and to the client. */
  readonly up: Uint8Array[];
  readonly down: Uint8Array[];
}

/**
 * A TCP proxy that can be cut. `cut` holds back bytes both ways and says nothing, as a network does
 * that loses packets; `upOnly` and `downOnly` hold back one way; `unplugged` ends connections and
 * takes no new ones. Bytes that were held back arrive when the cable is open again.
 */
export class Cable implements AsyncDisposable {
  readonly #server: Server;
  readonly #wires = new Set<Wire>();
  #state: CableState = "open";

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Leads to a port of this machine. */
  static async to(port: number): Promise<Cable> {
    const cable: { current?: Cable } = {};
    const server = createServer((client) => cable.current?.connect(client, port));
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    cable.current = new Cable(server);
    return cable.current;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("cannot find the port");
    return address.port;
  }

  get state(): CableState {
    return this.#state;
  }

  set state(state: CableState) {
    this.#state = state;
    for (const wire of [...this.#wires]) {
      if (state === "unplugged") this.#end(wire);
      else this.#release(wire);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state = "unplugged";
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }

  private connect(client: Socket, port: number): void {
    if (this.#state === "unplugged") {
      client.destroy();
      return;
    }
    const server = new Socket();
    server.connect(port, "127.0.0.1");
    const wire: Wire = { client, server, up: [], down: [] };
    this.#wires.add(wire);
    client.on("data", (bytes: Uint8Array) => {
      wire.up.push(bytes);
      this.#release(wire);
    });
    server.on("data", (bytes: Uint8Array) => {
      wire.down.push(bytes);
      this.#release(wire);
    });
    for (const end of [client, server]) {
      end.setNoDelay(true);
      end.on("error", () => this.#end(wire));
      end.on("close", () => this.#end(wire));
    }
  }

  #release({ client, server, up, down }: Wire): void {
    const state = this.#state;
    if (state === "open" || state === "upOnly") for (const one of up.splice(0)) server.write(one);
    if (state === "open" || state === "downOnly") {
      for (const one of down.splice(0)) client.write(one);
    }
  }

  #end(wire: Wire): void {
    this.#wires.delete(wire);
    wire.client.destroy();
    wire.server.destroy();
  }
}
