import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { TickLog } from "./tick-log.ts";

test("a log keeps its records in order, whatever is forgotten between", () => {
  const log = new TickLog(2, 5_000);
  const random = createRandom(1);
  let expected: [tick: number, value: number][] = [];
  for (let tick = 1; tick <= 400; tick++) {
    for (let left = random.below(60); left > 0; left--) {
      const value = random.uint32();
      log.write(log.add(tick), 1, value);
      expected.push([tick, value]);
    }
    const forgotten = tick - random.below(30);
    log.forget(forgotten);
    expected = expected.filter((record) => record[0] > forgotten);
    expect(log.count).toBe(expected.length);
    const records = expected.map((_, record) => [log.word(record, 0), log.word(record, 1)]);
    expect(records).toEqual(expected);
  }
});

test("beyond its bound the newest are left out", () => {
  const log = new TickLog(1, 2);
  expect([log.add(1), log.add(1), log.add(2)]).toEqual([0, 1, -1]);
  log.forget(1);
  expect([log.count, log.add(3)]).toEqual([0, 0]);
});
