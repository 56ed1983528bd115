// The walk through two regions of docs/OPERATIONS.md, with Redis and with NATS.
import { expect, test } from "bun:test";
import { Block } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { REGIONS, RegionDeployment } from "../bench/regions/region-deployment.ts";
import type { BlocksSession } from "../client/index.ts";
import { joinIn } from "./settlers.ts";

/** From the heal to equal hashes. */
const HEAL_MS_MAX = 10_000;

/** Places over somebody's head with nothing there, which the other sees too. */
function findRoofs(session: BlocksSession, other: BlocksSession) {
  const { self } = session.sample();
  const places = Array.from({ length: 49 }, (_, step) => {
    const x = Math.floor(self?.x ?? 0) + (step % 7) - 3;
    const y = Math.floor(self?.y ?? 0) + Math.floor(step / 7) - 3;
    return { x, y, layer: 2 };
  });
  return places.filter(({ x, y }) => {
    const isFree = session.land.block(x, y, 2)?.id === Block.Air;
    return isFree && other.land.block(x, y, 2)?.id === Block.Air;
  });
}

function build(session: BlocksSession, place: { x: number; y: number; layer: number }) {
  const slot = session.selfState.inventory.findIndex(({ item }) => item === Block.Planks);
  return session.perform({ case: "buildPlace", place, slot });
}

function has(session: BlocksSession, { x, y }: { x: number; y: number }): boolean {
  return session.land.block(x, y, 2)?.id === Block.Planks;
}

test.each(["redis", "nats"] as const)("two regions on %s, cut and healed", async (broker) => {
  await using regions = await RegionDeployment.start(broker);
  const [eu, us] = await Promise.all(REGIONS.map((region) => joinIn(regions.url, region)));
  if (eu === undefined || us === undefined) throw new Error("cannot join in two regions");
  const changes: string[] = [];
  for (const session of [eu, us]) session.on("status", (status) => changes.push(status));
  const [first, second] = findRoofs(eu, us);
  const third = findRoofs(us, eu).findLast(({ x, y }) => {
    return [first, second].every((place) => place?.x !== x || place.y !== y);
  });
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error("cannot find three places to build at");
  }
  await build(eu, first);
  await until("it stands in the other region", () => has(us, first));
  regions.setCable("us-east-1", "cut");
  await build(eu, second);
  await build(us, third);
  expect([has(eu, third), has(us, second)]).toEqual([false, false]);
  regions.setCable("us-east-1", "open");
  expect(await regions.agree(HEAL_MS_MAX)).toBeDefined();
  await until("both see all of it", () => {
    return [first, second, third].every((place) => has(eu, place) && has(us, place));
  });
  expect(Number(await regions.metric("us-east-1", "tessera_region_cells"))).toBeGreaterThan(2);
  const { regions: health } = await regions.health("us-east-1");
  expect(health).toMatchObject({ trouble: null, others: [{ region: "eu-west-1", here: true }] });
  // Nobody was disconnected by any of it.
  expect(changes).toEqual([]);
  await Promise.all([eu.leave(), us.leave()]);
});
