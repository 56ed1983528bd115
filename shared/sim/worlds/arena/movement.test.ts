import { describe, expect, test } from "bun:test";
import { createRandom } from "../../kernel/random.ts";
import { advanceArena, arenaTravel } from "./movement.ts";

const TICK_RATES = Array.from({ length: 41 }, (_, index) => 20 + index);

describe("arenaTravel", () => {
  test.each(TICK_RATES)("is exactly 96 units a second at %d ticks a second", (tickRate) => {
    for (const start of [0, 1, 17, 4_000_000_000]) {
      expect(arenaTravel(start, start + tickRate, tickRate)).toBe(960);
    }
  });

  test.each(TICK_RATES)("steps differ by a tenth at most at %d ticks a second", (tickRate) => {
    const steps = Array.from({ length: 200 }, (_, tick) => arenaTravel(tick, tick + 1, tickRate));
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
  });

  test("is nothing within a tick", () => {
    expect(arenaTravel(5, 5, 30)).toBe(0);
  });
});

describe("advanceArena", () => {
  test.each([
    [100, 32, 20_000, 132],
    [100, -32, 20_000, 68],
    [100, -101, 20_000, 0],
    [19_990, 32, 20_000, 20_000],
    [100, 0, 20_000, 100],
  ])("from %d by %d along 0..%d is %d", (position, distance, max, expected) => {
    expect(advanceArena(position, distance, max)).toBe(expected);
  });

  test("in one go is equal to stepping, also along the edges", () => {
    const seed = 404;
    const random = createRandom(seed);
    for (let round = 0; round < 2000; round++) {
      const tickRate = 20 + random.below(41);
      const max = 480 + random.below(3000);
      const start = random.below(max + 1);
      const direction = random.below(3) - 1;
      const from = random.below(1 << 20);
      const to = from + random.below(100);
      let stepped = start;
      for (let tick = from; tick < to; tick++) {
        stepped = advanceArena(stepped, direction * arenaTravel(tick, tick + 1, tickRate), max);
      }
      const jumped = advanceArena(start, direction * arenaTravel(from, to, tickRate), max);
      expect(jumped, `seed ${seed}, round ${round}`).toBe(stepped);
    }
  });
});
