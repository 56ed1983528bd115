import { describe, expect, test } from "bun:test";
import { type LegacyMessage, readLegacyMessage } from "./legacy-reader.ts";

function read(...bytes: number[]): LegacyMessage {
  return readLegacyMessage(Uint8Array.from(bytes));
}

describe("messages of a legacy client", () => {
  const cases: [string, number[], LegacyMessage][] = [
    ["MOVE of 6 bytes", [3, 0b0110, 1, 2, 3, 4], move(1, 0, 0x04030201)],
    [
      "MOVE of 14 bytes, whose place is not looked at",
      [3, 0b1000, 9, 0, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0],
      move(-1, 1, 9),
    ],
    ["MOVE that stops", [3, 0b0101, 0xff, 0xff, 0xff, 0xff], move(0, 0, 0xffff_ffff)],
    ["MOVE to the upper left", [3, 0, 0, 0, 0, 0], move(-1, -1, 0)],
    ["DIRECTION to the right", [4, 1], { kind: "direction", right: true }],
    ["DIRECTION to the left", [4, 0], { kind: "direction", right: false }],
    ["DIRECTION of any other value", [4, 7], { kind: "direction", right: false }],
    ["ATTACK alone", [5], { kind: "attack" }],
    ["ATTACK with a place", [5, 0, 0, 128, 63, 0, 0, 0, 64], { kind: "attack" }],
    ["ATTACK_END", [6], { kind: "attackEnd" }],
    ["VIEWPORT", [13, 0x20, 0x03, 0x58, 0x02], { kind: "viewport", width: 800, height: 600 }],
  ];
  test.each(cases)("%s", (_, bytes, message) => {
    expect(read(...bytes)).toEqual(message);
  });

  test("a message is read from where it lies in its buffer", () => {
    const bytes = Uint8Array.from([9, 9, 9, 13, 64, 0, 65, 0, 9]).subarray(3, 8);
    expect(readLegacyMessage(bytes)).toEqual({ kind: "viewport", width: 64, height: 65 });
  });
});

describe("what is no message is refused with what is wrong", () => {
  const cases: [string, number[], string][] = [
    ["nothing", [], "cannot read message: it is empty"],
    ["an unknown number", [2], "cannot read message: there is no message 2 from clients"],
    ["a message of the shard", [7, 0], "cannot read message: there is no message 7 from clients"],
    ["a short MOVE", [3, 5, 0, 0, 0], "cannot read MOVE: its length is 5 instead of 6 or 14"],
    ["a MOVE in between", [3, ...zeros(6)], "cannot read MOVE: its length is 7 instead of 6 or 14"],
    ["a long MOVE", [3, ...zeros(14)], "cannot read MOVE: its length is 15 instead of 6 or 14"],
    [
      "a MOVE two to the right",
      [3, 0b0111, 0, 0, 0, 0],
      "cannot read MOVE: direction 7 is not (dx+1) | (dy+1)<<2 with -1, 0 or 1",
    ],
    [
      "a MOVE two down",
      [3, 0b1101, ...zeros(12)],
      "cannot read MOVE: direction 13 is not (dx+1) | (dy+1)<<2 with -1, 0 or 1",
    ],
    [
      "a MOVE with bits that mean nothing",
      [3, 0x15, 0, 0, 0, 0],
      "cannot read MOVE: direction 21 is not (dx+1) | (dy+1)<<2 with -1, 0 or 1",
    ],
    ["a short DIRECTION", [4], "cannot read DIRECTION: its length is 1 instead of 2"],
    ["a long ATTACK_END", [6, 0], "cannot read ATTACK_END: its length is 2 instead of 1"],
    ["a short VIEWPORT", [13, 1, 1], "cannot read VIEWPORT: its length is 3 instead of 5"],
  ];
  test.each(cases)("%s", (_, bytes, text) => {
    expect(read(...bytes)).toEqual({ kind: "fault", text });
  });
});

function move(dx: number, dy: number, sequence: number): LegacyMessage {
  return { kind: "move", dx, dy, sequence };
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
