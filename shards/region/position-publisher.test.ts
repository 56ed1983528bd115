import { expect, test } from "bun:test";
import type { BusPayload } from "#shared/infra/bus/bus.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { PositionPublisher } from "./position-publisher.ts";

const idOf = (number: number) => `0190a000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;

function createScene(count: number) {
  const clock = new FakeClock();
  const at = Array.from({ length: count }, (_, entity) => ({ x: entity, y: 0 }));
  const sent: string[][] = [];
  const bus = {
    connected: true,
    publish(_topic: string, payload: BusPayload) {
      if (payload.case === "positionsTold") sent.push([...(payload.value.playerIds ?? [])]);
    },
  };
  const publisher = new PositionPublisher({
    ...{ bus, clock, side: 1_000 },
    players: () => at.map((_, entity) => ({ playerId: idOf(entity), entity })),
    locate: (entity, out) => Object.assign(out, at[entity]) !== undefined,
  });
  return { clock, at, sent, bus, publisher, take: () => sent.splice(0) };
}

test("who moves is told each second, who stands still each ten", () => {
  const { clock, at, publisher, take } = createScene(3);
  publisher.start();
  expect(take()).toEqual([[idOf(0), idOf(1), idOf(2)]]);
  const told = new Map<string, number>();
  for (let second = 0; second < 20; second++) {
    at[1] = { x: second, y: 5 };
    clock.advance(1_000);
    for (const id of take().flat()) told.set(id, (told.get(id) ?? 0) + 1);
  }
  expect(told).toEqual(
    new Map([
      [idOf(1), 20],
      [idOf(2), 2],
      [idOf(0), 2],
    ]),
  );
  publisher.stop();
  clock.advance(10_000);
  expect(take()).toEqual([]);
});

test("ten thousand are ten messages; while the bus is away nothing waits", () => {
  const { clock, bus, publisher, take } = createScene(10_000);
  publisher.start();
  expect(take().map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 1_000));
  bus.connected = false;
  clock.advance(5_000);
  bus.connected = true;
  expect(take()).toEqual([]);
});

test("many are told of in turns, and who has gone meanwhile is left out", async () => {
  const { clock, at, sent, bus, take } = createScene(2_000);
  let looks = 0;
  const publisher = new PositionPublisher({
    ...{ bus, side: 1_000 },
    clock: {
      wallMs: () => clock.wallMs(),
      schedule: (delayMs, callback) => clock.schedule(delayMs, callback),
      /** Each look takes half a millisecond. */
      monotonicMs() {
        looks += 1;
        return clock.monotonicMs() + looks / 2;
      },
    },
    players: () => at.map((_, entity) => ({ playerId: idOf(entity), entity })),
    locate: (entity, out) => entity in at && Object.assign(out, at[entity]) !== undefined,
  });
  publisher.start();
  expect(sent).toEqual([]);
  at.length = 1_500;
  for (let turn = 0; turn < 100; turn += 1) {
    clock.advance(1);
    await new Promise(setImmediate);
  }
  expect(take().flat()).toHaveLength(1_500);
  publisher.stop();
});
