import { create, toBinary } from "@bufbuild/protobuf";
import { ArenaInputSchema } from "#proto/journal_pb.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import type { ArenaInput } from "#shared/sim/index.ts";

/** Field numbers of TickInputs, ArenaInput, ArenaCommand and ArenaControls. */
const INPUTS_ARENA = 1;
const INPUT_COMMAND = 3;
const COMMAND_ENTITY = 1;
const COMMAND_SEQUENCE = 2;
const COMMAND_CONTROLS = 3;
const CONTROLS_DX = 1;
const CONTROLS_DY = 2;

/**
 * Writes a tick's inputs as the bytes of a TickInputs, the same that protobuf-es writes. Held
 * controls, which are nearly all there is, go straight into a reused buffer; what is rare goes
 * through the library.
 */
export class JournalWriter {
  readonly #writer = new WireWriter(16 * 1_024);

  /** A copy of its own: it is handed to the persistence thread. */
  encode(inputs: readonly ArenaInput[]): Uint8Array {
    const writer = this.#writer;
    writer.reset();
    for (const input of inputs) {
      const start = writer.begin(INPUTS_ARENA);
      if (!writeControls(writer, input)) {
        writer.append(toBinary(ArenaInputSchema, create(ArenaInputSchema, input)));
      }
      writer.end(start);
    }
    return writer.view().slice();
  }
}

/** False, and nothing is written, when the input is anything else. */
function writeControls(writer: WireWriter, { input }: ArenaInput): boolean {
  if (input.case !== "command" || input.value.command.case !== "controls") return false;
  const { entity, sequence, command } = input.value;
  const { dx, dy } = command.value;
  const start = writer.begin(INPUT_COMMAND);
  writer.uint32(COMMAND_ENTITY, entity);
  writer.uint32(COMMAND_SEQUENCE, sequence);
  const controls = writer.begin(COMMAND_CONTROLS);
  writer.sint32(CONTROLS_DX, dx);
  writer.sint32(CONTROLS_DY, dy);
  writer.end(controls);
  writer.end(start);
  return true;
}
