import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { type TickInputs, TickInputsSchema } from "#proto/journal_pb.ts";
import type { ArenaInput } from "#shared/sim/index.ts";
import { JournalReader, JournalWriter } from "./journal-inputs.ts";

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

/** Without what the library adds to its own objects. */
function plain(inputs: readonly ArenaInput[]): unknown {
  return JSON.parse(
    JSON.stringify(
      inputs.map(({ input }) => input),
      (name, value) => {
        return name === "$typeName" ? undefined : value;
      },
    ),
  );
}

test("a tick's inputs are read as protobuf-es reads them", () => {
  const reader = new JournalReader();
  fc.assert(
    fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
      const bytes = toBinary(TickInputsSchema, create(TickInputsSchema, { arena: inputs }));
      const expected: TickInputs = fromBinary(TickInputsSchema, bytes);
      expect(plain(reader.read(bytes))).toEqual(plain(expected.arena));
    }),
  );
});

test.each([
  ["a field twice", [0x0a, 0x08, 0x1a, 0x06, 0x08, 0x05, 0x08, 0x07, 0x1a, 0x00]],
  ["controls before the entity", [0x0a, 0x08, 0x1a, 0x06, 0x1a, 0x02, 0x08, 0x02, 0x08, 0x05]],
  ["a field after the command", [0x0a, 0x06, 0x1a, 0x02, 0x1a, 0x00, 0x78, 0x01]],
  ["a field of a later version", [0x78, 0x01, 0x0a, 0x04, 0x1a, 0x02, 0x1a, 0x00]],
  ["an input without content", [0x0a, 0x00]],
])("an unusual form is read all the same: %s", (_, values) => {
  const bytes = Uint8Array.from(values);
  const expected = fromBinary(TickInputsSchema, bytes);
  expect(plain(new JournalReader().read(bytes))).toEqual(plain(expected.arena));
});

test("every cut of a tick's bytes is refused or ends between two inputs", () => {
  const controls = { case: "controls" as const, value: { dx: 1, dy: -1 } };
  const value = { entity: 0x10_0000, sequence: 9, command: controls };
  const bytes = new JournalWriter().encode([
    { input: { case: "command", value } },
    { input: { case: "command", value } },
  ]);
  const reader = new JournalReader();
  for (let length = 0; length < bytes.length; length++) {
    const read = () => reader.read(bytes.subarray(0, length)).length;
    if (length % (bytes.length / 2) === 0) expect(read()).toBe((length * 2) / bytes.length);
    else expect(read).toThrow("it ends too early");
  }
});
