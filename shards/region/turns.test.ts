import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { Turns } from "./turns.ts";

test("work goes on until a turn has lasted long enough, and then in the next one", async () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  const work = (items: number) => {
    let over = 0;
    for (let item = 0; item < items; item += 1) if (turns.isOver()) over += 1;
    return over;
  };
  expect(work(10_000)).toBe(0);
  clock.advance(1);
  expect(work(100)).toBe(1);
  const next = turns.next();
  clock.advance(1);
  await next;
  expect(work(10_000)).toBe(0);
});

test("one large item counts as many", () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  clock.advance(1);
  expect(turns.isOver(256)).toBe(true);
});
