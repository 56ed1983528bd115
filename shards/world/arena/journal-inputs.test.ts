import { expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { TickInputsSchema } from "#proto/journal_pb.ts";
import type { ArenaInput } from "#shared/sim/index.ts";
import { JournalWriter } from "./journal-inputs.ts";

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });

const command = fc.oneof(
  fc.record({ dx: int32, dy: int32 }).map((value) => ({ case: "controls" as const, value })),
  fc.constant({
    case: "action" as const,
    value: { action: { case: "attack" as const, value: {} } },
  }),
  fc.constant({ case: undefined }),
);

const input: fc.Arbitrary<ArenaInput> = fc.oneof(
  fc
    .record({ entity: uint32, sequence: uint32, command })
    .map((value) => ({ input: { case: "command" as const, value } })),
  fc.record({ playerId: fc.string(), name: fc.string({ unit: "grapheme" }) }).map((value) => ({
    input: { case: "join" as const, value: { ...value, restored: undefined } },
  })),
  fc.record({ entity: uint32 }).map((value) => ({ input: { case: "halt" as const, value } })),
);

test("a tick's inputs are the same bytes as protobuf-es writes", () => {
  const writer = new JournalWriter();
  fc.assert(
    fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
      const expected = toBinary(TickInputsSchema, create(TickInputsSchema, { arena: inputs }));
      expect(writer.encode(inputs)).toEqual(expected);
    }),
  );
});
