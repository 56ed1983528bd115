import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema, type Welcome } from "#proto/frame_pb.ts";
import { ArenaView } from "#shared/net/arena-view.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readAckField, readTickFrame } from "#shared/net/tick-reader.ts";
import { LegacyCommands } from "./legacy-commands.ts";
import type { LegacyMessage } from "./legacy-reader.ts";
import { type LegacyForm, LegacyScene } from "./legacy-scene.ts";
import { LegacyWriter } from "./legacy-writer.ts";

/** Messages that wait for the player to be in the world; at the bound the oldest is forgotten. */
const HELD_MAX = 16;

interface Playing {
  readonly own: number;
  readonly commands: LegacyCommands;
  readonly view: ArenaView;
  readonly scene: LegacyScene;
}

/** Where frames are read into and messages are written; clients of one thread share it. */
export interface LegacyScratch {
  readonly frame: TickFrame;
  readonly out: LegacyWriter;
}

/** A scratch for any number of clients. */
export function createLegacyScratch(): LegacyScratch {
  return { frame: new NamelessFrame(), out: new LegacyWriter() };
}

/** The ancestor knows no names: none is read, let alone kept for each client. */
class NamelessFrame extends TickFrame {
  override nameOf(): string {
    return "";
  }
}

/**
 * One legacy connection's interpreter. To the client it is the ancestor; to the gateway it is a
 * client like any other. It has no clock and touches no socket.
 */
export class LegacyTranslator {
  /** What the last frame comes to, for the client; void with the next one of any client. */
  readonly out: LegacyWriter;
  readonly #form: LegacyForm;
  readonly #frame: TickFrame;
  #held: LegacyMessage[] = [];
  #playing: Playing | undefined;

  constructor(form: LegacyForm, { frame, out } = createLegacyScratch()) {
    this.#form = form;
    this.#frame = frame;
    this.out = out;
  }

  /**
   * The client's message as the bytes of a ClientFrame, void with the next one of any client;
   * undefined when there is none to send.
   */
  fromClient(message: LegacyMessage): Uint8Array<ArrayBuffer> | undefined {
    if (this.#playing !== undefined) return this.#playing.commands.translate(message);
    if (this.#held.length >= HELD_MAX) this.#held.shift();
    this.#held.push(message);
    return undefined;
  }

  /**
   * Takes a ServerFrame's bytes and leaves what the client is to be told in `out`. Returns frames
   * for the shard that were waiting for this one.
   */
  fromShard(bytes: Uint8Array): readonly Uint8Array<ArrayBuffer>[] {
    this.out.reset();
    if (readTickFrame(bytes, this.#frame)) {
      if (this.#playing !== undefined) this.#tick(this.#playing);
      return [];
    }
    const { frame } = fromBinary(ServerFrameSchema, bytes);
    // The others have no counterpart: a rejection changed nothing, a goodbye's text goes along
    // with the close.
    return frame.case === "welcome" ? this.#welcome(frame.value) : [];
  }

  /** Takes an Ack field between two frames and leaves what it answers in `out`. */
  acknowledge(ack: Uint8Array): void {
    this.out.reset();
    readAckField(ack, this.#frame);
    if (this.#playing !== undefined) this.#acknowledge(this.#playing);
  }

  #tick(playing: Playing): void {
    const { view, scene } = playing;
    const frame = this.#frame;
    if (frame.reset) scene.reset();
    view.apply(frame);
    scene.tell(view);
    this.#acknowledge(playing);
  }

  #acknowledge({ own, commands, scene }: Playing): void {
    const frame = this.#frame;
    // The client learns who it is from its first list.
    if (!frame.hasAck || !scene.hasBegun) return;
    const { x, y } = frame.self;
    commands.acknowledge(frame.sequence, (theirs) => {
      this.out.movementAck({ id: own, x, y }, theirs);
    });
  }

  #welcome({ entityId: own, sequence, world }: Welcome): readonly Uint8Array<ArrayBuffer>[] {
    if (world.case !== "arena") throw new Error(`cannot translate world ${world.case}`);
    const parameters = world.value;
    const scene = new LegacyScene({ form: this.#form, own, parameters }, this.out);
    const touch = (row: number) => scene.touch(row);
    const view: ArenaView = new ArenaView(parameters, {
      added: (row) => scene.added(row, view.entities.id[row] ?? 0),
      moved: touch,
      recorded: touch,
      forgotten: (row) => scene.forgotten(row, view.entities),
    });
    const commands = new LegacyCommands(sequence);
    this.#playing = { own, commands, view, scene };
    const frames = this.#held.map((message) => commands.translate(message)?.slice());
    this.#held = [];
    return frames.filter((frame) => frame !== undefined);
  }
}
