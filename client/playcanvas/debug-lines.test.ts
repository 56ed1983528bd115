import { expect, test } from "bun:test";
import { ByteRate, debugLines } from "./debug-lines.ts";

const STATS = {
  rttMs: 41.26,
  jitterMs: 3.04,
  serverTick: 1234.9,
  bytesIn: 0,
  bytesOut: 0,
  framesIn: 77,
  corrections: 2,
  lastCorrectionUnits: 0.512,
  reconnects: 1,
  interpolationDelayMs: 133.3,
  frameIntervalMs: 100.04,
  stateChecks: 12,
  stateMismatches: 0,
};

test("each line names one measurement with its unit", () => {
  const rate = new ByteRate();
  rate.add(0, 0, 0);
  rate.add(1, 2048, 512);
  const lines = debugLines(
    { shardKey: "blocks:1:eu-west-1", status: "playing", stats: STATS },
    {
      framesPerSecond: 59.6,
      entities: 24,
      ghostUnits: 108.48,
      rate,
      unit: { name: "blocks", size: 48 },
    },
  );
  expect(lines).toEqual([
    "shard          blocks:1:eu-west-1",
    "status         playing, 1 reconnects",
    "round trip     41.3 ms ± 3.0",
    "server tick    1234",
    "corrections    2, last 0.51 blocks",
    "interpolation  133 ms behind",
    "frame interval 100 ms",
    "state checks   12, 0 mismatches",
    "received       2.00 KiB/s, 77 frames",
    "sent           0.50 KiB/s",
    "entities       24",
    "frame rate     60 /s",
    "server ghost   2.26 blocks away",
  ]);
});

test("a rate is that of the last two seconds", () => {
  const rate = new ByteRate();
  for (let second = 0; second <= 10; second += 1) {
    rate.add(second, second < 5 ? second * 1000 : 5000, second * 10);
  }
  expect(rate.inPerSecond).toBe(0);
  expect(rate.outPerSecond).toBe(10);
});
