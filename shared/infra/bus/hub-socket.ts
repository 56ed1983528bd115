import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type HubAnswer, HubReplySchema, HubRequestSchema } from "#proto/bus_pb.ts";
import { unsafeCast } from "#shared/infra/unsafe.ts";
import type { BrokerConnection, Entry, Reader, ReaderOptions } from "./broker-connection.ts";
import type { PresenceSet } from "./presence.ts";

/** Not yet taken by the system; with more, what is published is lost. */
const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;

export interface HubSocketOptions {
  readonly serverUrl: string;
  readonly clusterSecret: string;
  readonly deliver: (bytes: Uint8Array) => void;
}

type Request = NonNullable<MessageInitShape<typeof HubRequestSchema>["request"]>;
type Call = NonNullable<Extract<Request, { case: "call" }>["value"]["call"]>;

/** One WebSocket to the hub of the local bus. */
export class HubSocket implements BrokerConnection {
  readonly #socket: WebSocket;
  readonly #deliver: (bytes: Uint8Array) => void;
  readonly #closed = Promise.withResolvers<string>();
  readonly #calls = new Map<number, PromiseWithResolvers<HubAnswer>>();
  #lastCall = 0;
  #lastReader = 0;

  private constructor(socket: WebSocket, deliver: (bytes: Uint8Array) => void) {
    this.#socket = socket;
    this.#deliver = deliver;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", ({ code, reason }) => {
      const text = `the server closed the connection (${code}${reason && `: ${reason}`})`;
      this.#closed.resolve(text);
      for (const { reject } of this.#calls.values()) reject(new Error(text));
      this.#calls.clear();
    });
  }

  static async open({ serverUrl, clusterSecret, deliver }: HubSocketOptions): Promise<HubSocket> {
    const url = `${serverUrl.replace(/^http/, "ws").replace(/\/$/, "")}/bus`;
    // Bun takes headers where the browsers' types, which the whole project is checked with, have
    // the list of protocols.
    const options = unsafeCast<string[]>({ headers: { authorization: `Bearer ${clusterSecret}` } });
    const socket = new WebSocket(url, options);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("close", ({ code, reason }) => {
      reject(new Error(`no bus there, or another cluster secret (${code} ${reason})`));
    });
    const connection = new HubSocket(socket, deliver);
    await promise;
    return connection;
  }

  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  async ping(): Promise<void> {
    await this.#call({ case: "ping", value: {} });
  }

  async close(): Promise<void> {
    this.#socket.close(1000);
  }

  async subscribe(topic: string): Promise<void> {
    this.#send({ case: "subscribe", value: { topics: [topic] } });
  }

  async publish(_topic: string, bytes: Uint8Array): Promise<void> {
    if (this.#socket.bufferedAmount > BACKLOG_BYTES_MAX) {
      throw new Error("cannot publish: the server does not read");
    }
    this.#send({ case: "publish", value: bytes });
  }

  async send(_topic: string, bytes: Uint8Array): Promise<void> {
    await this.#call({ case: "send", value: bytes });
  }

  async openReader({ topic, name, from }: ReaderOptions): Promise<Reader> {
    const reader = ++this.#lastReader;
    await this.#call({
      case: "openReader",
      value: { reader, topic, name, fromNow: from === "now" },
    });
    const settle = async (entries: readonly Entry[], done: boolean) => {
      const numbers = entries.map(({ token }) => Number(token));
      await this.#call({ case: "settle", value: { reader, entries: numbers, done } });
    };
    return {
      next: async (max) => {
        const { entries } = await this.#call({ case: "next", value: { reader, max } });
        return entries.map(({ number, message, redelivered }) => ({
          ...{ token: number, redelivered },
          bytes: message.length === 0 ? undefined : message,
        }));
      },
      acknowledge: (entries) => settle(entries, true),
      keep: (entries) => settle(entries, false),
      close: async () => {
        if (this.#socket.readyState !== WebSocket.OPEN) return;
        await this.#call({ case: "closeReader", value: reader });
      },
    };
  }

  async putPresence(set: PresenceSet, entries: ReadonlyMap<string, string>): Promise<void> {
    const value = { set: set.name, ttlMs: set.ttlMs, entries: Object.fromEntries(entries) };
    await this.#call({ case: "putPresence", value });
  }

  async removePresence(set: PresenceSet, keys: readonly string[]): Promise<void> {
    await this.#call({ case: "removePresence", value: { set: set.name, keys: [...keys] } });
  }

  async listPresence(set: PresenceSet): Promise<ReadonlyMap<string, string>> {
    const { presence } = await this.#call({ case: "listPresence", value: set.name });
    return new Map(Object.entries(presence));
  }

  #receive(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const { reply } = fromBinary(HubReplySchema, new Uint8Array(data));
    if (reply.case === "message") this.#deliver(reply.value);
    if (reply.case !== "answer") return;
    const call = this.#calls.get(reply.value.number);
    this.#calls.delete(reply.value.number);
    if (reply.value.error === "") call?.resolve(reply.value);
    else call?.reject(new Error(reply.value.error));
  }

  /** Rejects when the connection ends; whoever calls has a bound on the time. */
  #call(call: Call): Promise<HubAnswer> {
    const number = ++this.#lastCall;
    const answer = Promise.withResolvers<HubAnswer>();
    if (this.#socket.readyState !== WebSocket.OPEN) {
      answer.reject(new Error("the connection to the server is lost"));
      return answer.promise;
    }
    this.#calls.set(number, answer);
    this.#send({ case: "call", value: { number, call } });
    return answer.promise;
  }

  #send(request: Request): void {
    this.#socket.send(toBinary(HubRequestSchema, create(HubRequestSchema, { request })));
  }
}
