import { expect, test } from "bun:test";
import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema } from "#proto/frame_pb.ts";
import { createRandom } from "#shared/sim/index.ts";
import { createFloorFrame, FLOOR_FRAME_BYTES_MIN, setTick, shuffleSizes } from "./floor-frames.ts";

test.each([FLOOR_FRAME_BYTES_MIN, 64, 200, 20_000])(
  "a frame of %d bytes is a tick of that length",
  (bytes) => {
    const frame = createFloorFrame(bytes);
    setTick(frame, 3_000_000_000);
    expect(frame).toHaveLength(bytes);
    const read = fromBinary(ServerFrameSchema, frame).frame;
    expect(read.case).toBe("tick");
    if (read.case !== "tick") return;
    expect(read.value.tick).toBe(3_000_000_000);
    expect(read.value.arenaMoves.every((value) => value === 0)).toBeTrue();
  },
);

test("sizes come as often as they came", () => {
  const sizes = [
    { bytes: 20, count: 1 },
    { bytes: 90, count: 6 },
    { bytes: 300, count: 3 },
  ];
  const random = createRandom(5);
  const order = shuffleSizes(sizes, { length: 1_000, below: (bound) => random.below(bound) });
  const counts = [0, 1, 2].map((index) => order.filter((one) => one === index).length);
  expect(counts).toEqual([100, 600, 300]);
  expect(order.slice(0, 100).every((index) => index === 0)).toBeFalse();
});
