import { describe, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { InputSchema } from "#proto/frame_pb.ts";
import { INPUT_LEAD_TICKS_MAX } from "#shared/net/protocol.ts";
import { CommandQueue } from "./command-queue.ts";
import { Sessions } from "./sessions.ts";

const input = (sequence: number, tick: number) => create(InputSchema, { sequence, tick });

function setUp(lengthMax?: number) {
  const queue = new CommandQueue(lengthMax);
  const session = new Sessions().add("ann", 1, 0);
  const released = (tick: number) => {
    const sequences: number[] = [];
    queue.release(tick, ({ message }) => sequences.push(message.sequence));
    return sequences;
  };
  return { queue, session, released };
}

describe("a command is released", () => {
  test("in the tick in which the client predicted it", () => {
    const { queue, session, released } = setUp();
    queue.push(session, input(1, 103), 101);
    expect([101, 102, 103, 104].map(released)).toEqual([[], [], [1], []]);
  });

  test("in the next tick when it comes late", () => {
    const { queue, session, released } = setUp();
    queue.push(session, input(1, 90), 101);
    expect(released(101)).toEqual([1]);
  });

  test("in the last allowed tick when it is meant for later", () => {
    const { queue, session, released } = setUp();
    queue.push(session, input(1, 4_000_000_000), 101);
    expect(released(101 + INPUT_LEAD_TICKS_MAX)).toEqual([1]);
  });

  test("never before an earlier one of the same player", () => {
    const { queue, session, released } = setUp();
    queue.push(session, input(1, 105), 101);
    queue.push(session, input(2, 102), 101);
    expect([101, 102, 103, 104, 105].map(released)).toEqual([[], [], [], [], [1, 2]]);
  });
});

test("at its bound a command is dropped and counted, and there is room again after a tick", () => {
  const { queue, session, released } = setUp(2);
  const queued = [1, 2, 3].map((sequence) => queue.push(session, input(sequence, 101), 101));
  expect(queued).toEqual([true, true, false]);
  expect(queue.droppedTotal).toBe(1);
  expect(released(101)).toEqual([1, 2]);
  queue.push(session, input(4, 102), 102);
  expect(released(102)).toEqual([4]);
  expect(queue.droppedTotal).toBe(1);
});
