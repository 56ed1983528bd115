import { expect, test } from "bun:test";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { startBareShard } from "./bare-shard.ts";
import { createLegacyWire } from "./legacy-wire.ts";
import { Swarm } from "./swarm.ts";

const PLAYERS = 50;

test("fifty bots play against a real shard, and the figures agree with each other", async () => {
  await using shard = await startBareShard({ clock: systemClock, players: PLAYERS });
  await using swarm = new Swarm({ admission: shard.admission, clock: systemClock, rate: 2 });
  await swarm.grow(PLAYERS);
  await until("everyone to know where they are", () => {
    return swarm.clients.every(({ motion }) => motion.isPlaced);
  });
  const before = await shard.metrics();
  const figures = await swarm.measure(2);
  const after = await shard.metrics();

  expect(figures).toMatchObject({ players: PLAYERS, playing: PLAYERS });
  expect(figures.lost).toEqual({ acks: 0, observations: 0, pings: 0, answers: 0 });
  expect(figures.counters).toMatchObject({ cuts: 0, failures: 0, givenUp: 0, rejections: 0 });
  // Each input that was meant for the window came back, none twice, however late it was sent.
  expect(figures.ack.count).toBe(2 * 2 * PLAYERS);
  expect(figures.observer.count).toBeGreaterThan(0);
  expect(figures.ping.count).toBe(PLAYERS * 4);
  // The shard counts the same frames; its figures are of a slightly longer time.
  const sent =
    after.sum("tessera_gateway_frames_total") - before.sum("tessera_gateway_frames_total");
  expect(figures.counters.frames).toBeGreaterThan(0);
  expect(figures.counters.frames).toBeLessThanOrEqual(sent);
  expect(after.sum("tessera_players")).toBe(PLAYERS);
  expect(figures.cpuSeconds).toBeGreaterThan(0);
  const usage = await shard.usage();
  expect(usage.cpuSeconds).toBeGreaterThan(0);
  expect(usage.rssBytes).toBeGreaterThan(1e6);
});

test("over the ancestor's wire attacks are sent, and only MOVEs are waited for", async () => {
  const [players, rate] = [10, 2];
  await using shard = await startBareShard({ clock: systemClock, players, legacyWire: "events" });
  await using swarm = new Swarm({
    admission: shard.admission,
    clock: systemClock,
    wire: createLegacyWire(),
    rate,
    attackRate: 1,
  });
  await swarm.grow(players);
  await until("everyone to know where they are", () => {
    return swarm.clients.every(({ motion }) => motion.isPlaced);
  });
  const figures = await swarm.measure(1);
  expect(figures.counters.inputs).toBeGreaterThan(players * rate);
  expect(figures.ack.count).toBe(players * rate);
  expect(figures.lost).toEqual({ acks: 0, observations: 0, pings: 0, answers: 0 });
  expect(figures.observer.count).toBe(0);
});

test("cut clients come back into their sessions, and those who leave are gone", async () => {
  await using shard = await startBareShard({ clock: systemClock, players: 10 });
  await using swarm = new Swarm({ admission: shard.admission, clock: systemClock });
  await swarm.grow(10);
  const entities = swarm.clients.map(({ entity }) => entity);
  swarm.cut(4);
  await until("the cut ones to be back", () => swarm.recorder.counters.resumes === 4);
  expect(swarm.recorder.counters.cuts).toBe(4);
  expect(swarm.clients.map(({ entity }) => entity)).toEqual(entities);
  expect(swarm.playing).toBe(10);

  swarm.shrink(3);
  await until("the shard to have seven players", async () => {
    return (await shard.metrics()).sum("tessera_players") === 7;
  });
  expect(swarm.playing).toBe(7);
});
