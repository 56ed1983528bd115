import { expect, test } from "bun:test";
import { loadFloor } from "../floor/load-floor.ts";
import { loadShard } from "./load-shard.ts";

const LOAD = {
  players: 4,
  tickRate: 30,
  gateways: 1,
  rampSeconds: 0,
  warmUpSeconds: 0,
  measureSeconds: 0.5,
  profileFolder: undefined,
  say: () => undefined,
};

test("a shard and its floor give the same players frames of the same sizes", async () => {
  const shard = await loadShard(LOAD);
  expect(shard.swarm).toMatchObject({ players: 4, playing: 4 });
  expect(shard.watched.cells).toBeGreaterThan(1);
  expect(shard.watched.entities).toBeGreaterThan(0);
  expect(shard.rssBytes).toBeGreaterThan(1e6);
  expect(shard.frameSizes.length).toBeGreaterThan(0);

  const sizes = shard.frameSizes;
  const floor = await loadFloor({ ...LOAD, sendIntervalTicks: 3, sizes });
  expect(floor.swarm.playing).toBe(4);
  expect(floor.swarm.counters.frames).toBeGreaterThan(0);
}, 60_000);
