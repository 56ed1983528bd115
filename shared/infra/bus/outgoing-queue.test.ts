import { expect, test } from "bun:test";
import { createLog } from "#shared/infra/log.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { BrokerBus } from "./broker-bus.ts";
import { type Outgoing, OutgoingQueue, QUEUE_LENGTH_MAX } from "./outgoing-queue.ts";

function createQueue() {
  const dropped: string[] = [];
  const queue = new OutgoingQueue(({ topic }) => dropped.push(topic));
  const push = (topic: string, priority: number, size = 1) =>
    queue.push({ topic, priority, bytes: new Uint8Array(size) });
  const topics = (messages: readonly Outgoing[]) => messages.map(({ topic }) => topic);
  return { queue, push, dropped, take: () => topics(queue.takeAll()) };
}

test("what matters most goes first, and what is as important in the order in which it came", () => {
  const { push, take } = createQueue();
  push("a", 5);
  push("b", 9);
  push("c", 0);
  push("d", 5);
  expect(take()).toEqual(["b", "a", "d", "c"]);
  expect(take()).toEqual([]);
});

test("at the bound the oldest of the lowest priority goes, be it the one that came", () => {
  const { push, dropped, take } = createQueue();
  for (let index = 0; index < QUEUE_LENGTH_MAX - 2; index++) push("usual", 5);
  push("first low", 1);
  push("second low", 1);
  push("high", 8);
  push("high", 8);
  push("lowest", 0);
  expect(dropped).toEqual(["first low", "second low", "lowest"]);
  expect(take()).toHaveLength(QUEUE_LENGTH_MAX);
});

test("bytes are bounded too", () => {
  const { push, dropped, take } = createQueue();
  for (const topic of ["a", "b", "c"]) push(topic, 5, 4 * 1024 * 1024);
  expect(dropped).toEqual(["a"]);
  expect(take()).toEqual(["b", "c"]);
});

test("what is of high priority is lost with a word, one in a second at most", async () => {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = createLog({ process: "test", write: (line) => lines.push(line) });
  const never = Promise.withResolvers<never>();
  const parts = { kind: "local", name: "nowhere", source: "test", clock, log } as const;
  const bus = new BrokerBus({ ...parts, open: () => never.promise });
  const publish = (count: number, priority: number) => {
    const payload = { case: "playerMoved", value: { playerId: "ann" } } as const;
    for (let index = 0; index < count; index++) bus.publish("news", payload, { priority });
  };
  const words = () => lines.filter((line) => line.includes("high priority are lost"));
  publish(QUEUE_LENGTH_MAX + 3, 6);
  expect(bus.figures.of("news").dropped).toBe(3);
  expect(words()).toEqual([]);
  publish(QUEUE_LENGTH_MAX + 5, 7);
  expect(bus.figures.of("news").dropped).toBe(QUEUE_LENGTH_MAX + 8);
  expect(words()).toHaveLength(1);
  clock.advance(1_000);
  publish(1, 9);
  expect(words()).toHaveLength(2);
  expect(words()[1]).toContain("messages=5");
  const closing = bus.close();
  never.reject(new Error("closed"));
  await closing;
});
