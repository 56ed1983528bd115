import { expect, test } from "bun:test";
import type { ArenaCommand } from "../sdk/arena/arena-types.ts";
import { InputBuffer } from "./input-buffer.ts";

function filled(): InputBuffer<ArenaCommand> {
  const buffer = new InputBuffer<ArenaCommand>();
  for (const [sequence, tick] of [
    [1, 10],
    [2, 10],
    [3, 12],
  ] as const) {
    buffer.push({ sequence, tick, command: { case: "controls", value: { dx: 1, dy: 0 } } });
  }
  return buffer;
}

const sequencesAt = (buffer: InputBuffer<ArenaCommand>, tick: number) =>
  buffer.at(tick).map(({ sequence }) => sequence);

test("commands wait in their tick, in order, until they are acknowledged", () => {
  const buffer = filled();
  expect(sequencesAt(buffer, 10)).toEqual([1, 2]);
  buffer.acknowledge(1);
  expect(sequencesAt(buffer, 10)).toEqual([2]);
  buffer.acknowledge(9);
  expect(buffer.length).toBe(0);
});

test("what came too late moves behind the acknowledged tick", () => {
  const buffer = filled();
  expect(buffer.postpone(9)).toBe(0);
  expect(buffer.postpone(11)).toBe(2);
  expect(sequencesAt(buffer, 12)).toEqual([1, 2, 3]);
});

test("beyond its bound the oldest goes", () => {
  const buffer = new InputBuffer<ArenaCommand>();
  for (let sequence = 1; sequence <= 300; sequence += 1) {
    const command = { case: "controls" as const, value: { dx: 0, dy: 0 } };
    buffer.push({ sequence, tick: sequence, command });
  }
  expect(buffer.length).toBe(256);
  expect(sequencesAt(buffer, 44)).toEqual([]);
  expect(sequencesAt(buffer, 45)).toEqual([45]);
});
