import { create, fromBinary } from "@bufbuild/protobuf";
import { BlocksActionSchema, type BlocksSelf } from "#proto/blocks_pb.ts";
import {
  type RejectionReason,
  type ServerFrame,
  ServerFrameSchema,
  type Tick,
  type Welcome,
} from "#proto/frame_pb.ts";
import { BlocksView, type KnownBlocksEntity } from "#shared/net/blocks-view.ts";
import { BLOCKS_PARAMETERS } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import type { BlocksActionInit } from "./blocks-workbench.ts";
import {
  type ClientFrameInit,
  type Credential,
  encodeClientFrame,
  helloFrame,
} from "./client-frames.ts";

/** Sixteenths of a block: all that a client may ask to see, 100 × 75 blocks. */
const VIEWPORT = { width: 1_600, height: 1_200 };

/** A bare game socket in a world of blocks, for tests of the shard. */
export class BlocksClient implements Disposable {
  readonly #socket: WebSocket;
  view = new BlocksView(BLOCKS_PARAMETERS);
  readonly frames: Tick[] = [];
  readonly rejections: { sequence: number; reason: RejectionReason }[] = [];
  /** What durable actions led to, by id as hexadecimal digits. */
  readonly results = new Map<string, { reason: RejectionReason; tick: number }>();
  welcome: Welcome | undefined;
  self: BlocksSelf | undefined;
  slots: readonly number[] = [];
  sequence = 0;
  isOpen = false;
  closeCode = 0;

  constructor(address: string, credential: Credential) {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.isOpen = true;
      this.send(helloFrame(credential, { viewport: VIEWPORT }));
    });
    socket.addEventListener("close", ({ code }) => {
      this.isOpen = false;
      this.closeCode = code;
    });
    socket.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => {
      this.#receive(fromBinary(ServerFrameSchema, new Uint8Array(event.data)).frame);
    });
  }

  /** Connects and waits until the own player and what is around it are known. */
  static async join(address: string, credential: Credential): Promise<BlocksClient> {
    const client = new BlocksClient(address, credential);
    await until("the player to be in", () => client.self !== undefined && client.slots.length > 0);
    return client;
  }

  get entity(): number {
    return this.welcome?.entityId ?? 0;
  }

  /** Block that it stands on. */
  get place(): { x: number; y: number } {
    const { x = 0, y = 0 } = this.self ?? {};
    return { x: Math.floor(x / 100), y: Math.floor(y / 100) };
  }

  send(frame: ClientFrameInit): void {
    this.#socket.send(encodeClientFrame(frame));
  }

  sendRaw(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  /** Holds controls; returns the sequence. */
  move(dx: number, dy: number, tick = 0): number {
    const sequence = ++this.sequence;
    const controls = { case: "blocks" as const, value: { dx, dy } };
    this.send({ case: "input", value: { sequence, tick, controls } });
    return sequence;
  }

  /** Sends an action; with an id it is durable. Returns the sequence. */
  act(action: BlocksActionInit, actionId: Uint8Array = new Uint8Array()): number {
    const sequence = ++this.sequence;
    const blocks = { case: "blocks" as const, value: create(BlocksActionSchema, { action }) };
    this.send({ case: "intent", value: { sequence, tick: 0, action: blocks, actionId } });
    return sequence;
  }

  /** Does something durable; the result is the reason, unspecified when it was done. */
  async perform(action: BlocksActionInit, actionId = newActionId()): Promise<RejectionReason> {
    this.results.delete(actionId.toHex());
    this.act(action, actionId);
    const result = await until(`an answer to ${action.case}`, () => {
      return this.results.get(actionId.toHex());
    });
    return result.reason;
  }

  /** Sends an action that is not durable; null when it was done. */
  async attempt(action: BlocksActionInit): Promise<RejectionReason | null> {
    const sequence = this.act(action);
    await this.acknowledged(sequence);
    return this.rejections.find((rejection) => rejection.sequence === sequence)?.reason ?? null;
  }

  /** Waits until a sequence is acknowledged, or refused. */
  async acknowledged(sequence: number): Promise<void> {
    await until(`an ack of ${sequence}`, () => {
      const acked = this.frames.findLast(({ ack }) => ack !== undefined)?.ack?.sequence ?? 0;
      return acked >= sequence;
    });
  }

  /** Items of a kind in the bag. */
  countOf(item: number): number {
    let count = 0;
    for (let at = 0; at < this.slots.length; at += 2) {
      if (this.slots[at] === item) count += this.slots[at + 1] ?? 0;
    }
    return count;
  }

  /** First slot with an item. */
  slotOf(item: number): number {
    for (let at = 0; at < this.slots.length; at += 2) if (this.slots[at] === item) return at / 2;
    return -1;
  }

  /** A block of a chunk that is watched; -1 for any other. */
  block({ x, y, layer }: { x: number; y: number; layer: number }): number {
    const chunk = this.view.chunks.get((y >> 4) * 128 + (x >> 4));
    return chunk?.ids[(layer << 8) | ((y & 15) << 4) | (x & 15)] ?? -1;
  }

  /** Entities in sight, but for the own one. */
  others(): KnownBlocksEntity[] {
    return [...this.view.entities.values()].filter(({ id }) => id !== this.entity);
  }

  close(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #receive(frame: ServerFrame["frame"]): void {
    if (frame.case === "welcome") {
      this.welcome = frame.value;
      this.sequence = Math.max(this.sequence, frame.value.sequence);
      const { world } = frame.value;
      if (world.case === "blocks") this.view = new BlocksView(world.value);
    } else if (frame.case === "tick") this.#learn(frame.value);
    else if (frame.case === "rejection") this.rejections.push(frame.value);
    else if (frame.case === "result") {
      const { actionId, reason, tick } = frame.value;
      this.results.set(actionId.toHex(), { reason, tick });
    }
  }

  #learn(tick: Tick): void {
    this.frames.push(tick);
    this.view.apply(tick);
    if (tick.ack?.self.case !== "blocks") return;
    this.self = tick.ack.self.value;
    this.slots = this.self.inventory?.slots ?? this.slots;
  }
}

/** An id for a durable action. */
export function newActionId(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}
