import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type BusMessage,
  type HubAnswerSchema,
  type HubCall,
  type HubOpenReader,
  HubReplySchema,
} from "#proto/bus_pb.ts";
import type { Reader } from "./broker-connection.ts";
import type { HubPresence } from "./hub-presence.ts";
import type { HubStream } from "./hub-stream.ts";
import { decodeMessage } from "./message.ts";

/** Of one connection; one more is refused. */
const READERS_MAX = 100;

/** What a connected process may ask of the hub. */
export interface HubHouse {
  readonly presence: HubPresence;
  stream(topic: string): HubStream;
  accepts(message: BusMessage): boolean;
}

type Answer = Omit<MessageInitShape<typeof HubAnswerSchema>, "number" | "$typeName">;

/** One connected process: answers its calls, and holds its readers for as long as it is there. */
export class HubCaller {
  readonly #house: HubHouse;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #readers = new Map<number, Reader>();

  constructor(house: HubHouse, send: (bytes: Uint8Array) => void) {
    this.#house = house;
    this.#send = send;
  }

  /** Answers when it is done, which may take long. */
  async call({ number, call }: HubCall): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.#do(call);
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    const reply = { reply: { case: "answer" as const, value: { number, ...answer } } };
    this.#send(toBinary(HubReplySchema, create(HubReplySchema, reply)));
  }

  /** The process is gone: others are handed what it had not acknowledged. */
  close(): void {
    for (const reader of this.#readers.values()) void reader.close();
    this.#readers.clear();
  }

  async #do(call: HubCall["call"]): Promise<Answer> {
    const { presence } = this.#house;
    switch (call.case) {
      case "ping":
        return {};
      case "send":
        await this.#keep(call.value);
        return {};
      case "openReader":
        return this.#open(call.value);
      case "next":
        return { entries: await this.#next(call.value) };
      case "settle": {
        const { reader, entries, done } = call.value;
        const tokens = entries.map((token) => ({ token, bytes: undefined, redelivered: false }));
        await (done ? this.#reader(reader).acknowledge(tokens) : this.#reader(reader).keep(tokens));
        return {};
      }
      case "closeReader":
        await this.#readers.get(call.value)?.close();
        this.#readers.delete(call.value);
        return {};
      case "putPresence": {
        const { set, ttlMs, entries } = call.value;
        presence.put({ name: set, ttlMs }, Object.entries(entries));
        return {};
      }
      case "removePresence":
        presence.remove(call.value.set, call.value.keys);
        return {};
      case "listPresence":
        return { presence: Object.fromEntries(presence.list(call.value)) };
      default:
        throw new Error("cannot answer: this server knows no such call; use one version of both");
    }
  }

  async #keep(bytes: Uint8Array): Promise<void> {
    const { stream, accepts } = this.#house;
    const message = decodeMessage(bytes);
    if (message === undefined) throw new Error("cannot send: this is no message");
    // What an owner that was sends is taken from it and goes nowhere.
    if (accepts(message)) await stream(message.topic).add(message.id, bytes);
  }

  #open({ reader, topic, name, fromNow }: HubOpenReader): Answer {
    if (this.#readers.size >= READERS_MAX) {
      throw new Error(`cannot read ${topic}: this process has ${READERS_MAX} readers already`);
    }
    this.#readers.set(reader, this.#house.stream(topic).open(name, fromNow ? "now" : "start"));
    return {};
  }

  async #next({ reader, max }: { reader: number; max: number }) {
    const entries = await this.#reader(reader).next(Math.max(1, max));
    return entries.map(({ bytes, redelivered, token }) => ({
      ...{ number: Number(token), redelivered, message: bytes ?? new Uint8Array() },
    }));
  }

  #reader(number: number): Reader {
    const reader = this.#readers.get(number);
    if (reader === undefined) throw new Error("cannot read: there is no such reader any more");
    return reader;
  }
}
