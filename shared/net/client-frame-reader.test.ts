import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { type ClientFrame, ClientFrameSchema } from "#proto/frame_pb.ts";
import {
  CLIENT_COMMAND,
  type ClientCommand,
  createClientCommand,
  readClientCommand,
} from "./client-frame-reader.ts";

type Frame = NonNullable<
  NonNullable<Parameters<typeof create<typeof ClientFrameSchema>>[1]>["frame"]
>;

function encode(frame: Frame): Uint8Array {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame }));
}

const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }));
const sint32 = fc.oneof(
  fc.integer({ min: -1, max: 1 }),
  fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
);

const input = fc
  .record({ sequence: uint32, tick: uint32, value: fc.record({ dx: sint32, dy: sint32 }) })
  .map(({ sequence, tick, value }): Frame => {
    return { case: "input", value: { sequence, tick, controls: { case: "arena", value } } };
  });
const action = fc.oneof(
  fc.record({ case: fc.constant("face" as const), value: fc.record({ right: fc.boolean() }) }),
  fc.record({ case: fc.constant("attack" as const), value: fc.constant({}) }),
  fc.record({ case: fc.constant("respawn" as const), value: fc.constant({}) }),
  fc.record({ case: fc.constant("give" as const), value: fc.record({ entity: uint32 }) }),
);
/** Of the right length, or none. */
const actionId = fc.oneof(
  fc.constant(new Uint8Array(0)),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);
const intent = fc
  .record({ sequence: uint32, tick: uint32, action, actionId })
  .map(({ action, ...rest }): Frame => {
    const arena = { case: "arena" as const, value: { action } };
    return { case: "intent", value: { ...rest, action: arena } };
  });

/** What protobuf-es makes of the bytes, in the reader's form; undefined when it is not hot. */
function meaning(bytes: Uint8Array): ClientCommand | undefined {
  let frame: ClientFrame["frame"];
  try {
    frame = fromBinary(ClientFrameSchema, bytes).frame;
  } catch {
    return undefined;
  }
  if (frame.case !== "input" && frame.case !== "intent") return undefined;
  const { sequence, tick } = frame.value;
  const command = { ...createClientCommand(), sequence, tick };
  if (frame.case === "input") {
    const controls = frame.value.controls.value;
    if (controls === undefined) return undefined;
    return { ...command, kind: CLIENT_COMMAND.controls, dx: controls.dx, dy: controls.dy };
  }
  const { actionId } = frame.value;
  if (actionId.length !== 0 && actionId.length !== 16) return undefined;
  if (frame.value.action.case !== "arena") return undefined;
  const done = frame.value.action.value.action;
  if (done.case === undefined) return undefined;
  const id = actionId.length === 0 ? {} : { hasActionId: true, actionId: actionId.slice() };
  const intent = { ...command, ...id, kind: CLIENT_COMMAND[done.case] };
  if (done.case === "face") return { ...intent, right: done.value.right };
  return done.case === "give" ? { ...intent, entity: done.value.entity } : intent;
}

/** What the reader makes of the bytes; what belongs to other kinds is left from before. */
function read(bytes: Uint8Array): ClientCommand | undefined {
  const out = createClientCommand();
  if (!readClientCommand(bytes, out)) return undefined;
  return out;
}

test("whatever inputs and intents protobuf-es writes are read as it reads them", () => {
  fc.assert(
    fc.property(fc.oneof(input, intent), (frame) => {
      const bytes = encode(frame);
      expect(read(bytes)).toEqual(meaning(bytes));
      expect(read(bytes)).toBeDefined();
    }),
  );
});

test("bytes in shared memory are read alike", () => {
  const bytes = encode({
    case: "input",
    value: { sequence: 7, tick: 900, controls: { case: "arena", value: { dx: -1, dy: 1 } } },
  });
  const shared = new Uint8Array(new SharedArrayBuffer(64), 5, bytes.length);
  shared.set(bytes);
  expect(read(shared)).toMatchObject({ sequence: 7, tick: 900, dx: -1, dy: 1 });
});

test("damaged frames are refused or mean what protobuf-es says", () => {
  const damage = fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 3 });
  let agreed = 0;
  fc.assert(
    fc.property(fc.oneof(input, intent), damage, fc.nat(3), (frame, changes, cut) => {
      const bytes = encode(frame).slice();
      for (const [index, value] of changes) if (index < bytes.length) bytes[index] = value;
      const damaged = bytes.subarray(0, bytes.length - cut);
      const command = read(damaged);
      if (command === undefined) return;
      agreed += 1;
      expect(meaning(damaged)).toEqual(command);
    }),
    { numRuns: 3_000 },
  );
  expect(agreed).toBeGreaterThan(100);
});

test("random bytes are refused or mean what protobuf-es says", () => {
  fc.assert(
    fc.property(fc.constantFrom(0x12, 0x1a), fc.uint8Array({ maxLength: 12 }), (tag, body) => {
      const bytes = Uint8Array.of(tag, body.length, ...body);
      const command = read(bytes);
      if (command !== undefined) expect(meaning(bytes)).toEqual(command);
    }),
    { numRuns: 5_000 },
  );
});

function intentWithId(actionId: Uint8Array): Uint8Array {
  const respawn = { case: "respawn" as const, value: {} };
  const action = { case: "arena" as const, value: { action: respawn } };
  return encode({ case: "intent", value: { sequence: 1, tick: 2, action, actionId } });
}

const UNUSUAL: readonly [name: string, bytes: Uint8Array][] = [
  ["nothing", new Uint8Array(0)],
  ["a ping", encode({ case: "ping", value: { clientTimeMs: 1 } })],
  ["an input without controls", encode({ case: "input", value: { sequence: 1, tick: 2 } })],
  ["an intent without an action", encode({ case: "intent", value: { sequence: 1, tick: 2 } })],
  ["a field that is not known", Uint8Array.of(0x12, 4, 0x1a, 0, 0x78, 1)],
  ["a field twice", Uint8Array.of(0x12, 6, 0x08, 1, 0x08, 2, 0x1a, 0)],
  ["fields out of order", Uint8Array.of(0x12, 6, 0x10, 1, 0x08, 2, 0x1a, 0)],
  ["an id that is too short", intentWithId(new Uint8Array(15))],
  ["an id that is too long", intentWithId(new Uint8Array(17))],
  ["an id of an input", Uint8Array.of(0x12, 20, 0x1a, 0, 0x22, 16, ...new Uint8Array(16))],
  ["a second frame behind it", Uint8Array.of(0x12, 2, 0x1a, 0, 0x2a, 0)],
];

for (const [name, bytes] of UNUSUAL) {
  test(`${name} is left to protobuf-es`, () => expect(read(bytes)).toBeUndefined());
}
