// One world in two regions, as `bun start` runs it: two shards, each with a player of its own.
import { expect, test } from "bun:test";
import { World } from "#shared/model/worlds.ts";
import { Block, isGhostId } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { type BlocksSession, createClient } from "../client/index.ts";
import { createMemoryStorage } from "../client/sdk/token-store.ts";
import { House } from "./house.ts";

const REGIONS = ["eu-west-1", "us-east-1"] as const;

async function joinIn(url: string, region: string): Promise<BlocksSession> {
  const client = createClient({ url, storage: createMemoryStorage() });
  await client.guest({ displayName: `From ${region}` });
  const session = await client.join("blocks", { region, viewport: { width: 100, height: 75 } });
  await until(`${region} knows where it is`, () => {
    return session.sample().self !== null && session.selfState.inventory.length > 0;
  });
  return session;
}

/** A place over somebody's head with nothing there, which the other sees too. */
function findRoof(session: BlocksSession, other: BlocksSession) {
  const { self } = session.sample();
  for (let step = 0; step < 49; step++) {
    const x = Math.floor(self?.x ?? 0) + (step % 7) - 3;
    const y = Math.floor(self?.y ?? 0) + Math.floor(step / 7) - 3;
    const isFree = session.land.block(x, y, 2)?.id === Block.Air;
    if (isFree && other.land.block(x, y, 2)?.id === Block.Air) return { x, y, layer: 2 };
  }
  throw new Error("cannot find a place to build at");
}

test("fault 15: API, game and regions have one world, which outlives a kill", async () => {
  await using house = await House.start();
  const [eu, us] = await Promise.all(REGIONS.map((region) => joinIn(house.url, region)));
  if (eu === undefined || us === undefined) throw new Error("cannot join in two regions");
  await until("both are seen in the other region", () => {
    const sees = (session: BlocksSession, home: string) =>
      session.sample().others.some((other) => other.home === home);
    return sees(eu, "us-east-1") && sees(us, "eu-west-1");
  });
  await until("the API tells of both", async () => {
    const answer = await fetch(`${house.url}/api/worlds/blocks`);
    return World.parse(await answer.json()).population === 2;
  });
  const place = findRoof(eu, us);
  const { x, y, layer } = place;
  const slot = eu.selfState.inventory.findIndex(({ item }) => item === Block.Planks);
  await eu.perform({ case: "buildPlace", place, slot });
  await until("it stands in the other region", () => {
    return us.land.block(x, y, layer)?.id === Block.Planks;
  });
  // While the other region's shard is dead, it is broken here.
  process.kill(house.processOf("blocks:1:us-east-1"), "SIGKILL");
  await eu.perform({ case: "buildBreak", place });
  await until("it is gone in the other region, which is back", () => {
    return us.land.block(x, y, layer)?.id === Block.Air;
  });
  await Promise.all([eu.leave(), us.leave()]);
  expect(await house.stop()).toBe(0);
});

test("who is in one region is seen in the other, and not once its shard is dead", async () => {
  await using house = await House.start();
  const [eu, us] = await Promise.all(REGIONS.map((region) => joinIn(house.url, region)));
  if (eu === undefined || us === undefined) throw new Error("cannot join in two regions");
  const seen = () => {
    return eu.sample().others.filter(({ id, home }) => home === "us-east-1" && isGhostId(id));
  };
  const ids = await until("they are seen in the other region", () => {
    const isThere = seen().some(({ name }) => name === "From us-east-1");
    return isThere && seen().map(({ id }) => id);
  });
  process.kill(house.processOf("blocks:1:us-east-1"), "SIGKILL");
  await until(
    "they are gone, whoever comes after them",
    () => seen().every(({ id }) => !ids.includes(id)),
    10_000,
  );
  await until("its player is seen once the shard is back", () => {
    return seen().some(({ name }) => name === "From us-east-1");
  });
  await Promise.all([eu.leave(), us.leave()]);
  expect(await house.stop()).toBe(0);
});
