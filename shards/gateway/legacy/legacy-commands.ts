import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import type { LegacyMessage } from "./legacy-reader.ts";

/**
 * MOVEs whose acknowledgement is owed. A client sends 60 a second at most and hears ten times a
 * second; at the bound the oldest is forgotten and never acknowledged, like one that was lost.
 */
const MOVES_OWED_MAX = 256;

/**
 * Turns a legacy client's messages into frames of our own. Ours are numbered one by one; of theirs
 * only MOVE has a number, which its acknowledgement repeats. This keeps which is which.
 */
export class LegacyCommands {
  #sequence: number;
  /** Own sequence of each MOVE that is owed an acknowledgement, with the client's, oldest first. */
  readonly #owed: { sequence: number; theirs: number }[] = [];

  /** `sequence` is the last one that the shard has applied. */
  constructor(sequence: number) {
    this.#sequence = sequence;
  }

  /**
   * The bytes of a ClientFrame, void with the next call for any client; undefined for a message
   * that asks for nothing.
   */
  translate(message: LegacyMessage): Uint8Array<ArrayBuffer> | undefined {
    switch (message.kind) {
      case "move": {
        this.#sequence += 1;
        this.#owe(this.#sequence, message.sequence);
        return writeInput(this.#sequence, message);
      }
      case "direction":
        return this.#intent({ case: "face", value: { right: message.right } });
      case "attack":
        return this.#intent({ case: "attack", value: {} });
      case "viewport": {
        const { width, height } = message;
        return encode({ case: "viewport", value: { width, height } });
      }
      // An attack lasts as long as the world's rule says, whatever the client's animation does.
      case "attackEnd":
      case "fault":
        return undefined;
    }
  }

  /** Calls `tell` with the client's number of each MOVE up to `sequence`, in order, once. */
  acknowledge(sequence: number, tell: (theirs: number) => void): void {
    let count = 0;
    for (const move of this.#owed) {
      if (move.sequence > sequence) break;
      tell(move.theirs);
      count += 1;
    }
    if (count > 0) this.#owed.splice(0, count);
  }

  #intent(action: ArenaActionInit): Uint8Array<ArrayBuffer> {
    this.#sequence += 1;
    const arena = { case: "arena" as const, value: { action } };
    return encode({ case: "intent", value: { sequence: this.#sequence, action: arena } });
  }

  #owe(sequence: number, theirs: number): void {
    if (this.#owed.length >= MOVES_OWED_MAX) this.#owed.shift();
    this.#owed.push({ sequence, theirs });
  }
}

const writer = new WireWriter(64);
/** Fields of ClientFrame, Input and ArenaControls. */
const FRAME_INPUT = 2;
const INPUT_SEQUENCE = 1;
const INPUT_ARENA = 3;
const CONTROLS_DX = 1;
const CONTROLS_DY = 2;

/** Players turn all the time, so this is written without the library; tick 0, the next one. */
function writeInput(sequence: number, { dx, dy }: { dx: number; dy: number }) {
  writer.reset();
  const input = writer.begin(FRAME_INPUT);
  writer.uint32(INPUT_SEQUENCE, sequence);
  const controls = writer.begin(INPUT_ARENA);
  writer.sint32(CONTROLS_DX, dx);
  writer.sint32(CONTROLS_DY, dy);
  writer.end(controls);
  writer.end(input);
  return writer.view();
}

type ArenaActionInit =
  | { case: "face"; value: { right: boolean } }
  | { case: "attack"; value: Record<never, never> };

type ClientFrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;

function encode(frame: ClientFrameInit): Uint8Array<ArrayBuffer> {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame }));
}
