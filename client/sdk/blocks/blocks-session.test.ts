// Two players of a world of blocks over the SDK, against a server and a shard as real processes.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { Block, BlocksKind, createRandom, Item } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { overBadPath } from "../../demo/bad-path.ts";
import { type BlocksSession, createClient } from "../../index.ts";
import type { GameSocketClass } from "../connection.ts";
import { Deployment } from "../testing/deployment.ts";
import { createMemoryStorage } from "../token-store.ts";

let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.start("blocks");
});

afterAll(async () => {
  await deployment[Symbol.asyncDispose]();
});

async function joinAs(
  displayName: string,
  socket: GameSocketClass = WebSocket,
): Promise<BlocksSession> {
  const client = createClient({
    url: deployment.url,
    storage: createMemoryStorage(),
    WebSocket: socket,
  });
  await client.guest({ displayName });
  const session = await client.join("blocks", { viewport: { width: 100, height: 75 } });
  await until(`${displayName} knows where it is`, () => {
    return session.sample().self !== null && session.selfState.inventory.length > 0;
  });
  return session;
}

function countOf(session: BlocksSession, item: number): number {
  return session.selfState.inventory.reduce((sum, slot) => {
    return slot.item === item ? sum + slot.count : sum;
  }, 0);
}

/** A place over somebody's head with nothing there, in sight of both. */
function roofNear(session: BlocksSession, other: BlocksSession) {
  const { self } = session.sample();
  for (let step = 0; step < 49; step++) {
    const x = Math.floor(self?.x ?? 0) + (step % 7) - 3;
    const y = Math.floor(self?.y ?? 0) + Math.floor(step / 7) - 3;
    const isFree = session.land.block(x, y, 2)?.id === Block.Air;
    if (isFree && other.land.block(x, y, 2)?.id === Block.Air) return { x, y, layer: 2 };
  }
  throw new Error("cannot find a place to build at");
}

test("two players see each other, what they build and break, and carry exactly that", async () => {
  const ann = await joinAs("Ann");
  const bob = await joinAs("Bob");
  await until("they see each other", () => {
    const sees = (one: BlocksSession, name: string) =>
      one.sample().others.some((other) => other.name === name);
    return sees(ann, "Bob") && sees(bob, "Ann");
  });
  const planks = countOf(ann, Block.Planks);
  expect(planks).toBe(32);
  const slot = ann.selfState.inventory.findIndex(({ item }) => item === Block.Planks);
  const place = roofNear(ann, bob);
  const { x, y, layer } = place;
  const built = ann.perform({ case: "buildPlace", place, slot });
  // At once, before anybody has answered.
  expect(ann.land.block(x, y, layer)?.id).toBe(Block.Planks);
  await built;
  await until("Bob sees the roof", () => bob.land.block(x, y, layer)?.id === Block.Planks);
  await until("it is out of the bag", () => countOf(ann, Block.Planks) === planks - 1);
  expect(ann.land.block(x, y, layer)?.id).toBe(Block.Planks);
  await ann.perform({ case: "buildBreak", place });
  await until("Bob sees it gone", () => bob.land.block(x, y, layer)?.id === Block.Air);
  const lying = () => {
    return ann
      .sample()
      .others.find(({ kind, item }) => kind === BlocksKind.Item && item === Block.Planks);
  };
  await until("it lies there", () => lying() !== undefined);
  await ann.perform({ case: "pickup", entity: lying()?.id ?? 0 }).catch(() => undefined);
  await ann.leave();
  await bob.leave();
});

test("what is refused is as it was before", async () => {
  const ann = await joinAs("Ann");
  const bob = await joinAs("Bob");
  const place = roofNear(ann, bob);
  const rolledBack: unknown[] = [];
  bob.on("rollback", (rollback) => rolledBack.push(rollback));
  const slot = ann.selfState.inventory.findIndex(({ item }) => item === Block.Planks);
  await ann.perform({ case: "buildPlace", place, slot });
  // A tool is no block, and an empty slot is nothing.
  const pickaxe = ann.selfState.inventory.findIndex(({ item }) => item === Item.Pickaxe);
  await expect(ann.perform({ case: "buildPlace", place, slot: pickaxe })).rejects.toThrow(
    "INVALID",
  );
  await expect(ann.perform({ case: "buildPlace", place, slot })).rejects.toThrow("OCCUPIED");
  // What cannot even be said is refused here, and nothing else suffers.
  await expect(ann.perform({ case: "buildPlace", place, slot: -1 })).rejects.toThrow(
    "cannot buildPlace: ",
  );
  const far = { ...place, x: place.x + 40 };
  await expect(ann.perform({ case: "buildBreak", place: far })).rejects.toThrow("TOO_FAR");
  const { x, y, layer } = place;
  await until("the roof stays", () => ann.land.block(x, y, layer)?.id === Block.Planks);
  expect(rolledBack).toEqual([]);
  await ann.leave();
  await bob.leave();
});

test("a walk is predicted, and the shard agrees", async () => {
  const ann = await joinAs("Ann");
  const start = ann.sample().self;
  const [fromX, fromY] = [start?.x ?? 0, start?.y ?? 0];
  expect([start?.serverX, start?.serverY]).toEqual([fromX, fromY]);
  let walked = 0;
  for (const [dx, dy] of [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ] as const) {
    ann.setControls(dx, dy);
    await until("a second has passed", () => {
      const { self } = ann.sample();
      walked = Math.max(walked, Math.hypot((self?.x ?? 0) - fromX, (self?.y ?? 0) - fromY));
      return walked > 1.5;
    }).catch(() => undefined);
    if (walked > 1.5) break;
  }
  ann.setControls(0, 0);
  expect(walked).toBeGreaterThan(1.5);
  expect(ann.stats.stateMismatches).toBe(0);
  await ann.leave();
});

test("players of a world of blocks talk, and hear who is near", async () => {
  const [ann, bob] = [await joinAs("Ann"), await joinAs("Bob")];
  const heard: string[] = [];
  bob.chat.onMessage(({ channel, senderName, text }) => {
    heard.push(`${channel} ${senderName}: ${text}`);
  });
  await until("they see each other", () => {
    return bob.sample().others.some(({ name }) => name === "Ann");
  });
  expect(await ann.chat.send("here")).toMatchObject({ said: true });
  expect(await ann.chat.send("everywhere", { channel: "global" })).toMatchObject({ said: true });
  await until("both lines", () => heard.length === 2);
  expect(heard).toEqual(["local Ann: here", "global Ann: everywhere"]);
  await Promise.all([ann.leave(), bob.leave()]);
});

test("at 120 ms a walk among trees is felt at once and never put right by much", async () => {
  const random = createRandom(5);
  const conditions = { latencyMs: 60, jitterMs: 5, loss: 0, retransmitMs: 200 };
  const socket = overBadPath({ clock: systemClock, random, conditions, WebSocket });
  const ann = await joinAs("Ann", socket);
  await until("the path to be known", () => ann.stats.rttMs > 100);
  let furthest = 0;
  ann.on("correction", ({ units }) => {
    furthest = Math.max(furthest, units);
  });
  let walked = 0;
  for (const [dx, dy] of [
    [1, 0],
    [0, 1],
    [-1, -1],
    [1, -1],
    [0, -1],
    [-1, 0],
  ] as const) {
    const { framesIn } = ann.stats;
    const before = { ...ann.sample().self };
    ann.setControls(dx, dy);
    await until("a dozen frames", () => {
      ann.sample();
      return ann.stats.framesIn > framesIn + 12;
    });
    const { x = 0, y = 0 } = ann.sample().self ?? {};
    walked += Math.hypot(x - (before.x ?? 0), y - (before.y ?? 0));
  }
  expect(walked).toBeGreaterThan(3);
  // A late packet costs a tick or two of a walk.
  expect(furthest).toBeLessThan(0.6);
  expect(ann.stats.stateMismatches).toBe(0);
  await ann.leave();
});

/** A place in the ceiling that both reach; Bob walks up to Ann until there is one. */
async function commonRoof(ann: BlocksSession, bob: BlocksSession) {
  const random = createRandom(8);
  for (let tries = 0; tries < 200; tries++) {
    const [one, other] = [{ ...ann.sample().self }, { ...bob.sample().self }];
    const near = (x: number, y: number, who: { x?: number; y?: number }) =>
      Math.hypot(x + 0.5 - (who.x ?? 0), y + 0.5 - (who.y ?? 0)) < 4.5;
    for (let step = 0; step < 81; step++) {
      const x = Math.floor(one.x ?? 0) + (step % 9) - 4;
      const y = Math.floor(one.y ?? 0) + Math.floor(step / 9) - 4;
      const isFree = ann.land.block(x, y, 2)?.id === Block.Air;
      if (isFree && near(x, y, one) && near(x, y, other)) return { x, y, layer: 2 };
    }
    const isLost = random.below(4) === 0;
    const towards = (from = 0, to = 0) => (isLost ? random.below(3) - 1 : Math.sign(to - from));
    bob.setControls(towards(other.x, one.x), towards(other.y, one.y));
    const { framesIn } = bob.stats;
    await until("some frames", () => {
      bob.sample();
      return bob.stats.framesIn > framesIn + 3;
    });
  }
  throw new Error("cannot meet");
}

test("of two who build at one place one does, and the other's block goes again", async () => {
  const ann = await joinAs("Ann");
  const bob = await joinAs("Bob");
  const place = await commonRoof(ann, bob);
  bob.setControls(0, 0);
  const rollbacks: unknown[] = [];
  for (const each of [ann, bob]) each.on("rollback", (rollback) => rollbacks.push(rollback));
  const { x, y, layer } = place;
  const build = (session: BlocksSession, item: number) => {
    const slot = session.selfState.inventory.findIndex((stack) => stack.item === item);
    const outcome = session.perform({ case: "buildPlace", place, slot });
    expect(session.land.block(x, y, layer)?.id).toBe(item);
    return outcome;
  };
  const outcomes = await Promise.allSettled([build(ann, Block.Planks), build(bob, Block.Glass)]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(rollbacks).toEqual([{ place, reason: "OCCUPIED" }]);
  const winner = outcomes[0]?.status === "fulfilled" ? Block.Planks : Block.Glass;
  await until("both see the same", () => {
    return [ann, bob].every((each) => each.land.block(x, y, layer)?.id === winner);
  });
  await until("both bags are exact", () => {
    return countOf(ann, Block.Planks) + countOf(bob, Block.Glass) === 32 + 8 - 1;
  });
  await ann.leave();
  await bob.leave();
});
