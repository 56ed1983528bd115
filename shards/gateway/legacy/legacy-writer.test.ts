import { expect, test } from "bun:test";
import { type LegacyRecord, LegacyWriter } from "./legacy-writer.ts";

/** At 1000.9, 513.0: what is sent are whole units, 0x03e8 and 0x0201. */
const RECORD: LegacyRecord = {
  id: 0x0a0b0c0d,
  x: 10_009,
  y: 5_130,
  dx: -1,
  dy: 1,
  facingRight: true,
  state: 2,
};
const ID = [0x0d, 0x0c, 0x0b, 0x0a];
const PLACE = [0xe8, 0x03, 0x01, 0x02];
const BYTES = [...ID, ...PLACE, 0xff, 0x01, 0x82];

function write(act: (writer: LegacyWriter) => void): number[][] {
  const writer = new LegacyWriter();
  act(writer);
  return messages(writer);
}

function messages(writer: LegacyWriter): number[][] {
  return Array.from({ length: writer.count }, (_, index) => [...writer.message(index)]);
}

function list(kind: "gameState" | "deltaGameState", sequence: number | undefined) {
  return (writer: LegacyWriter) => {
    writer.beginList(kind, sequence);
    writer.addRecord(RECORD);
    writer.addRecord({ ...RECORD, facingRight: false, state: 1 });
    writer.endList();
  };
}

const TURNED = [...BYTES.slice(0, 10), 0x01];

test.each<[string, (writer: LegacyWriter) => void, number[]]>([
  ["GAME_STATE", list("gameState", undefined), [7, 2, 0, 0, 0, ...BYTES, ...TURNED]],
  [
    "GAME_STATE with a sequence",
    list("gameState", 0x01020304),
    [7, 4, 3, 2, 1, 2, 0, 0, 0, ...BYTES, ...TURNED],
  ],
  [
    "DELTA_GAME_STATE",
    list("deltaGameState", 5),
    [14, 5, 0, 0, 0, 2, 0, 0, 0, ...BYTES, ...TURNED],
  ],
  [
    "MOVEMENT_ACK",
    (writer) => writer.movementAck(RECORD, 0xfffefdfc),
    [8, ...ID, ...PLACE, 0xfc, 0xfd, 0xfe, 0xff],
  ],
  ["PLAYER_JOINED", (writer) => writer.playerJoined(RECORD), [11, ...BYTES]],
  ["PLAYER_LEFT", (writer) => writer.playerLeft(RECORD.id), [12, ...ID]],
  ["movement", (writer) => writer.movement(RECORD), [255, ...ID, 0xff, 0x01]],
  ["direction", (writer) => writer.direction(RECORD), [254, ...ID, 1]],
  ["attack", (writer) => writer.attack(RECORD), [253, ...ID, ...PLACE]],
])("%s", (_, act, bytes) => {
  expect(write(act)).toEqual([bytes]);
});

test("a list of none has a count of none", () => {
  const bytes = write((writer) => {
    writer.beginList("gameState", undefined);
    writer.endList();
  });
  expect(bytes).toEqual([[7, 0, 0, 0, 0]]);
});

test("messages lie one after the other, also when the buffer grows, until the reset", () => {
  const writer = new LegacyWriter();
  for (let id = 1; id <= 1_000; id++) writer.playerLeft(id);
  expect(writer.count).toBe(1_000);
  expect([...writer.message(0)]).toEqual([12, 1, 0, 0, 0]);
  expect([...writer.message(999)]).toEqual([12, 0xe8, 0x03, 0, 0]);
  writer.reset();
  writer.playerLeft(7);
  expect(messages(writer)).toEqual([[12, 7, 0, 0, 0]]);
});

test("the farthest place of the largest arena fits", () => {
  const far = { ...RECORD, x: 655_350, y: 655_350 };
  const [bytes] = write((writer) => writer.attack(far));
  expect(bytes?.slice(5)).toEqual([0xff, 0xff, 0xff, 0xff]);
});
