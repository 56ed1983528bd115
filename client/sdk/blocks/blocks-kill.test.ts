// A shard that is killed in the middle of work, again and again: nothing is doubled, nothing lost.
import { expect, test } from "bun:test";
import { Block, BlocksKind, createRandom } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { type ActionError, type BlocksSession, createClient } from "../../index.ts";
import { Deployment } from "../testing/deployment.ts";
import { createMemoryStorage } from "../token-store.ts";

const KILLS = 3;
/** Actions on their way when the shard is killed. */
const ACTIONS = 12;
/** What everybody begins with. */
const PLANKS = 32;

type Place = { x: number; y: number; layer: number };

/** Places around a player's first one with nothing in the ceiling. */
function roofsAround(session: BlocksSession): Place[] {
  const { self } = session.sample();
  const places: Place[] = [];
  for (let step = 0; step < 49; step++) {
    const x = Math.floor(self?.x ?? 0) + (step % 7) - 3;
    const y = Math.floor(self?.y ?? 0) + Math.floor(step / 7) - 3;
    if (session.land.block(x, y, 2)?.id === Block.Air) places.push({ x, y, layer: 2 });
  }
  return places;
}

function countPlanks(session: BlocksSession, places: readonly Place[]) {
  const bag = session.selfState.inventory.reduce((sum, { item, count }) => {
    return item === Block.Planks ? sum + count : sum;
  }, 0);
  const built = places.filter(({ x, y, layer }) => {
    return session.land.block(x, y, layer)?.id === Block.Planks;
  }).length;
  const lying = session.sample().others.reduce((sum, { kind, item, count }) => {
    return kind === BlocksKind.Item && item === Block.Planks ? sum + count : sum;
  }, 0);
  return { bag, built, lying, all: bag + built + lying };
}

test("a shard that is killed at work does all once, and no plank comes or goes", async () => {
  await using deployment = await Deployment.start("blocks");
  const client = createClient({ url: deployment.url, storage: createMemoryStorage() });
  await client.guest({ displayName: "Ann" });
  const session = await client.join("blocks", { viewport: { width: 60, height: 60 } });
  await until("the player to be in", () => {
    return session.sample().self !== null && session.selfState.inventory.length > 0;
  });
  const places = roofsAround(session);
  const random = createRandom(7);
  const outcomes: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const working = Array.from({ length: ACTIONS }, () => {
      const place = places[random.below(places.length)] ?? { x: 0, y: 0, layer: 2 };
      const found = session.selfState.inventory.findIndex(({ item }) => item === Block.Planks);
      const slot = Math.max(0, found);
      const [lying] = session.sample().others.filter(({ item }) => item === Block.Planks);
      const dice = random.below(3);
      if (dice === 0) return session.perform({ case: "buildBreak", place });
      if (dice === 1 && lying !== undefined) {
        return session.perform({ case: "pickup", entity: lying.id });
      }
      return session.perform({ case: "buildPlace", place, slot });
    });
    // Some are done by then, some on their way, and some are answered by the next process.
    if (kill % 2 === 0) await Promise.allSettled(working.slice(0, 1 + kill));
    const killed = deployment.killShard();
    const settled = Promise.allSettled(working);
    await killed;
    await deployment.startShard();
    for (const outcome of await settled) {
      if (outcome.status === "fulfilled") outcomes.push("done");
      else {
        const error: ActionError = outcome.reason;
        // What nobody knows of would make the counting worthless.
        expect(error.problem, error.message).toBe("refused");
        outcomes.push(error.reason ?? "");
      }
    }
    await until("the player to be back", () => session.status === "playing");
    await until(`${PLANKS} planks: ${JSON.stringify(countPlanks(session, places))}`, () => {
      return countPlanks(session, places).all === PLANKS;
    });
  }
  expect(outcomes).toHaveLength(KILLS * ACTIONS);
  expect(outcomes.filter((outcome) => outcome === "done").length).toBeGreaterThan(KILLS);
  const { stateMismatches } = session.stats;
  expect(stateMismatches).toBe(0);
  await session.leave();
}, 120_000);
