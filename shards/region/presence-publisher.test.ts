import { expect, test } from "bun:test";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import {
  decodePlayerEntry,
  decodePlayers,
  PLAYER_PRESENCE,
} from "#shared/infra/bus/player-presence.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { until } from "#shared/testing/until.ts";
import { PresencePublisher } from "./presence-publisher.ts";

const SHARD = "arena:1:eu-west-1";
const id = (number: number) => `0190a000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;

function createScene() {
  const clock = new FakeClock();
  const hub = new LocalHub({ clock, source: "server" });
  const there = new Map<string, boolean>();
  const players = () => [...there].map(([playerId, connected]) => ({ playerId, connected }));
  const publisher = new PresencePublisher({ bus: hub, clock, shardKey: SHARD, players });
  const read = async () => [...(await hub.presence(PLAYER_PRESENCE).list())];
  return {
    ...{ clock, hub, there, publisher },
    entries: read,
    async players() {
      const all = (await read()).map(([key, text]) => decodePlayerEntry(key, text)?.body ?? "");
      return all.flatMap(decodePlayers);
    },
  };
}

/** Passes time in steps in which what a timer began can end. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    clock.advance(250);
    await new Promise(setImmediate);
  }
}

test("who is here is told, with when they came and whether they are connected", async () => {
  const { clock, there, publisher, players } = createScene();
  const startMs = clock.wallMs();
  there.set(id(1), true);
  publisher.start();
  await until("the first", async () => (await players()).length === 1);
  there.set(id(1), false).set(id(2), true);
  await pass(clock, 2_000);
  const told = await players();
  expect(told).toContainEqual({ playerId: id(1), sinceMs: startMs, connected: false });
  expect(told.find(({ playerId }) => playerId === id(2))?.sinceMs).toBeGreaterThan(startMs);
});

test("ten thousand players are a few dozen entries, in a few calls", async () => {
  const { clock, there, publisher, entries, players } = createScene();
  for (let number = 0; number < 10_000; number++) there.set(id(number), true);
  publisher.start();
  await until("all", async () => (await players()).length === 10_000);
  const told = await entries();
  expect(told).toHaveLength(64);
  const most = Math.max(...told.map(([, text]) => text.length));
  expect(most * 16).toBeLessThan(256 * 1024);
  // With fewer players there are fewer entries, and nobody is told of twice.
  for (let number = 100; number < 10_000; number++) there.delete(id(number));
  await pass(clock, 2_000);
  expect(await players()).toHaveLength(100);
  expect(await entries()).toHaveLength(1);
});

test("a round takes many turns, in which players come and go", async () => {
  const { hub, there } = createScene();
  const clock = new FakeClock();
  const slow = {
    wallMs: () => clock.wallMs(),
    schedule: (delayMs: number, callback: () => void) => clock.schedule(delayMs, callback),
    /** Each look takes half a millisecond. */
    monotonicMs() {
      looks += 1;
      return clock.monotonicMs() + looks / 2;
    },
  };
  let looks = 0;
  for (let number = 0; number < 2_000; number++) there.set(id(number), true);
  const players = function* () {
    for (const [playerId, connected] of there) yield { playerId, connected };
  };
  const publisher = new PresencePublisher({ bus: hub, clock: slow, shardKey: SHARD, players });
  const told = async () => {
    const all = [...(await hub.presence(PLAYER_PRESENCE).list())];
    return all.flatMap(([key, text]) => decodePlayers(decodePlayerEntry(key, text)?.body ?? ""));
  };
  publisher.start();
  let turns = 0;
  while ((await told()).length === 0) {
    turns += 1;
    there.delete(id(turns));
    there.set(id(20_000 + turns), true);
    clock.advance(1);
    await new Promise(setImmediate);
  }
  expect(turns).toBeGreaterThan(30);
  await until("the next round", async () => {
    clock.advance(100);
    await new Promise(setImmediate);
    const ids = (await told()).map(({ playerId }) => playerId);
    return ids.length === there.size && ids.every((playerId) => there.has(playerId));
  });
  await publisher.stop();
});

test("a shard that stops in order is empty at once, one that dies within 5 s", async () => {
  const { clock, there, publisher, players } = createScene();
  there.set(id(1), true);
  publisher.start();
  await until("the first", async () => (await players()).length === 1);
  await pass(clock, 20_000);
  expect(await players()).toHaveLength(1);
  publisher.silence();
  clock.advance(3_000);
  expect(await players()).toHaveLength(1);
  clock.advance(2_001);
  expect(await players()).toHaveLength(0);

  const other = createScene();
  other.there.set(id(1), true);
  other.publisher.start();
  await until("the first", async () => (await other.players()).length === 1);
  await other.publisher.stop();
  expect(await other.players()).toHaveLength(0);
});

test("a bus that is away keeps nobody, and is told when it is back", async () => {
  const { clock, there, hub } = createScene();
  const puts: number[] = [];
  let isAway = true;
  const bus = {
    ...{ epoch: 3, connections: 1 },
    get connected() {
      return !isAway;
    },
    presence: () => ({
      ...hub.presence(PLAYER_PRESENCE),
      put: async (entries: ReadonlyMap<string, string>) => {
        puts.push(entries.size);
        if (puts.length === 1) throw new Error("lost");
      },
    }),
  };
  const players = () => [...there].map(([playerId, connected]) => ({ playerId, connected }));
  const publisher = new PresencePublisher({ bus, clock, shardKey: SHARD, players });
  publisher.start();
  await pass(clock, 10_000);
  expect(puts).toHaveLength(0);
  isAway = false;
  await pass(clock, 250);
  expect(puts).toEqual([1]);
  await pass(clock, 1_500);
  expect(puts).toEqual([1, 1]);
  expect(publisher.failures).toBe(1);
  // A new connection may be to a broker that knows nothing.
  bus.connections = 2;
  await pass(clock, 250);
  expect(puts).toHaveLength(3);
});
