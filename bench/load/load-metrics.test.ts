import { expect, test } from "bun:test";
import { describeUnknown } from "./load-metrics.ts";

test("when nobody got in, the reasons are told with what cannot be judged", () => {
  const reasons = { "closed with 4004: the shard is full": 4, "the server did not answer": 8 };
  expect(describeUnknown("ackMsP99", { players: 3, playing: 0, reasons }).split("\n")).toEqual([
    "cannot judge ackMsP99: it was not measured; 0 of 3 players were in the world at the end",
    "  8 × the server did not answer",
    "  4 × closed with 4004: the shard is full",
  ]);
});
