// Who is in one region as the clients of another see them: shards with their loops and journals.
import { expect, test } from "bun:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { RejectionReason } from "#proto/frame_pb.ts";
import { RegionCompression, RegionMessageSchema } from "#proto/region_pb.ts";
import { Block, BlocksKind, isGhostId } from "#shared/sim/index.ts";
import { deriveRegionKeys, type RegionKeys, signMessage } from "../sync/region-keys.ts";
import { ghostTopicOf } from "../sync/region-link.ts";
import { MemoryBroker } from "../sync/testing/memory-broker.ts";
import { MirroredShard, runTogether } from "../sync/testing/mirrored-shard.ts";
import { SCENE_KEYS, SCENE_WORLD } from "../sync/testing/region-scene.ts";
import { packGhosts } from "./ghost-columns.ts";

const TOPIC = ghostTopicOf(SCENE_WORLD);
/** From a region's first hello to the ghosts of all who are there. */
const SEEN_MS = 2_000;

async function setUp() {
  const broker = new MemoryBroker();
  const eu = new MirroredShard(broker, "eu-west-1");
  const us = new MirroredShard(broker, "us-east-1");
  const ann = eu.blocks.enter(1, { slots: [Block.Planks, 5] });
  us.blocks.enter(2, { x: 102_650 });
  await runTogether([eu, us], SEEN_MS);
  return {
    ...{ broker, eu, us, ann },
    async [Symbol.asyncDispose]() {
      await eu[Symbol.asyncDispose]();
      await us[Symbol.asyncDispose]();
    },
  };
}

/** Ghosts that a client of a shard sees; of players only, unless all are wanted. */
function ghostsOf(shard: MirroredShard, connection: number, all = false) {
  const { entities } = shard.blocks.onlooker(connection).view;
  return [...entities.values()].filter(({ home, kind }) => {
    return home !== "" && (all || kind === BlocksKind.Player);
  });
}

function metricOf(text: string, name: string): number {
  return Number(new RegExp(`^tessera_region_${name}\\S* (\\S+)$`, "m").exec(text)?.[1]);
}

test("a player of one region is seen in the other, where it goes", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  const [ghost] = ghostsOf(us, 2);
  expect(ghost).toMatchObject({ name: "player-1", home: "eu-west-1", x: 102_450, y: 102_450 });
  expect(isGhostId(ghost?.id ?? 0)).toBe(true);
  expect(ghostsOf(eu, 1)).toMatchObject([{ name: "player-2", home: "us-east-1", x: 102_650 }]);
  // Wherever there is room to walk.
  for (const dx of [1, -1]) {
    eu.blocks.move(1, dx, 0);
    await runTogether([eu, us], 400);
  }
  eu.blocks.move(1, 0, 0);
  await runTogether([eu, us], 600);
  const { self } = eu.blocks.onlooker(1);
  const [seen] = ghostsOf(us, 2);
  expect(seen?.id).toBe(ghost?.id ?? 0);
  expect([seen?.x, seen?.y, seen?.vx]).toEqual([self?.x, self?.y, 0]);
  expect(us.blocks.onlooker(2).view.mismatches).toBe(0);
  expect(metricOf(await us.metrics(), "ghosts")).toBeGreaterThan(0);
  expect(metricOf(await us.metrics(), "ghosts_told_total")).toBeGreaterThan(0);
});

test("one who walks is foretold between two tellings, from chunk to chunk", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  const distances: number[] = [];
  eu.blocks.move(1, 0, 1);
  for (let turn = 0; turn < 60; turn += 1) {
    await runTogether([eu, us], 50);
    const { view } = us.blocks.onlooker(2);
    const [ghost] = ghostsOf(us, 2);
    const { self } = eu.blocks.onlooker(1);
    if (ghost === undefined || self === undefined) throw new Error("cannot see: nobody is there");
    expect(ghost.cell).toBe(Math.floor(ghost.y / 1_600) * 128 + Math.floor(ghost.x / 1_600));
    distances.push(Math.abs(ghost.y + (ghost.vy * (view.tick - ghost.tick)) / 64 - self.y));
  }
  // A quarter of a second at five blocks a second, after a start, a stop or a turn.
  expect(Math.max(...distances)).toBeLessThanOrEqual(200);
  const { view } = us.blocks.onlooker(2);
  expect(view.mismatches).toBe(0);
});

test("one who waves is seen to wave", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  const waved: number[][] = [];
  eu.blocks.act(1, { case: "emote", value: { emote: 3 } });
  for (let turn = 0; turn < 20; turn += 1) {
    await runTogether([eu, us], 50);
    for (const { event } of us.blocks.onlooker(2).view.events) {
      if (event.case === "emoted") waved.push([event.value.entity, event.value.emote]);
    }
  }
  const [ghost] = ghostsOf(us, 2);
  expect(waved).toContainEqual([ghost?.id ?? 0, 3]);
});

test("people and animals are seen too, and what lies there is not", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  const own = (shard: MirroredShard, connection: number) => {
    const { entities } = shard.blocks.onlooker(connection).view;
    return [...entities.values()].filter(({ home, kind }) => {
      return home === "" && kind !== BlocksKind.Player && kind !== BlocksKind.Item;
    });
  };
  eu.blocks.act(1, { case: "drop", value: { slot: 0, count: 1, x: 1024, y: 1024 } }, 1);
  await runTogether([eu, us], 3_000);
  const kinds = (list: readonly { kind: number }[]) => list.map(({ kind }) => kind).sort();
  const seen = ghostsOf(us, 2, true).filter(({ kind }) => kind !== BlocksKind.Player);
  expect(own(eu, 1).length).toBeGreaterThan(0);
  expect(kinds(seen)).toEqual(kinds(own(eu, 1)));
});

test("who leaves, or whose region is cut off, is seen no more", async () => {
  await using scene = await setUp();
  const { broker, eu, us } = scene;
  eu.blocks.enter(3, { x: 102_500 });
  await runTogether([eu, us], 600);
  expect(ghostsOf(us, 2)).toHaveLength(2);
  eu.blocks.bench.put({ kind: "leave", connection: 3 });
  await runTogether([eu, us], 600);
  expect(ghostsOf(us, 2)).toMatchObject([{ name: "player-1" }]);
  // As a `kill -9` of its shard, or a cut of its cable.
  broker.cut("eu-west-1");
  await runTogether([eu, us], 4_000);
  expect(ghostsOf(us, 2)).toHaveLength(1);
  await runTogether([eu, us], 2_000);
  expect([ghostsOf(us, 2, true), ghostsOf(eu, 1, true)]).toEqual([[], []]);
  expect(metricOf(await us.metrics(), "ghosts")).toBe(0);
  broker.cut("eu-west-1", false);
  await runTogether([eu, us], 2_000);
  expect(ghostsOf(us, 2)).toMatchObject([{ name: "player-1" }]);
  expect(us.blocks.onlooker(2).view.mismatches).toBe(0);
});

test("a shard that stops takes its ghosts along at once", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  await eu[Symbol.asyncDispose]();
  await us.run(100);
  expect(ghostsOf(us, 2, true)).toEqual([]);
});

test("a ghost can be neither struck nor talked to, and blocks nobody", async () => {
  await using scene = await setUp();
  const { us } = scene;
  const ghost = ghostsOf(us, 2)[0]?.id ?? 0;
  us.blocks.act(2, { case: "attack", value: { entity: ghost } });
  us.blocks.act(2, { case: "interact", value: { target: { case: "entity", value: ghost } } }, 1);
  us.blocks.act(2, { case: "pickup", value: { entity: ghost } }, 2);
  await us.run(200);
  const { bench } = us.blocks;
  const reason = RejectionReason.ELSEWHERE;
  const rejections = bench.controls.filter(({ kind }) => kind === "reject");
  expect(rejections).toMatchObject([{ sequence: 1, reason }]);
  expect(bench.resultsTo(2)).toMatchObject([
    { id: 1, reason },
    { id: 2, reason },
  ]);
});

test("the world, its hash and its journal know of no ghost", async () => {
  const run = async (ghosts: boolean) => {
    const broker = new MemoryBroker();
    await using eu = new MirroredShard(broker, "eu-west-1", { ghosts });
    await using us = new MirroredShard(broker, "us-east-1", { ghosts });
    eu.blocks.enter(1);
    us.blocks.enter(2, { x: 102_650 });
    eu.blocks.move(1, 1, 0);
    await runTogether([eu, us], 3_000);
    expect(us.world.ghosts?.held).toBe(ghosts ? (us.world.ghosts?.held ?? 0) : 0);
    const { records } = us.blocks.bench;
    const journal = records.map(({ inputs, stateHash }) => [inputs.toHex(), stateHash]);
    return { hash: us.world.hash(), snapshot: us.world.snapshot().toHex(), journal };
  };
  expect(await run(true)).toEqual(await run(false));
});

test("forged, foreign, old and impossible ghosts are refused, and told of", async () => {
  await using scene = await setUp();
  const { broker, us } = scene;
  const forger = broker.link("forger");
  const others = deriveRegionKeys("another secret, which is as long", ["eu-west-1", "xx-west-9"]);
  let sequence = 1_000;
  const tell = (
    changes: MessageInitShape<typeof RegionMessageSchema> = {},
    { keys = SCENE_KEYS, x = 1, kind = 1 }: { keys?: RegionKeys; x?: number; kind?: number } = {},
  ) => {
    const ghost = { id: 7, kind, age: 0, x, y: 1, vx: 0, vy: 0, wounds: 0, facing: 0, state: 0 };
    const ghosts = packGhosts({
      ...{ tick: 1, tickRate: 20, emotes: [], gone: [], allGone: false },
      ghosts: [{ ...ghost, name: "nobody" }],
    });
    sequence += 1;
    const compression = RegionCompression.NONE;
    const message = create(RegionMessageSchema, {
      ...{ region: "eu-west-1", world: SCENE_WORLD, incarnation: BigInt(2 ** 45) },
      timeMs: BigInt(us.blocks.bench.clock.wallMs()),
      content: { case: "ghosts", value: { sequence, compression, ghosts } },
      ...changes,
    });
    forger.publish(TOPIC, { case: "region", value: signMessage(message, keys) });
  };
  const { held } = us.world.ghosts ?? { held: 0 };
  tell({}, { keys: others });
  tell({ region: "xx-west-9" }, { keys: others });
  tell({ timeMs: 1n });
  tell({}, { x: 128 * 1_600 });
  tell({}, { kind: BlocksKind.Item });
  const bomb = { sequence: 2_000, compression: RegionCompression.ZSTD, ghosts: new Uint8Array(9) };
  tell({ content: { case: "ghosts", value: bomb } });
  await us.run(50);
  expect(us.world.ghosts?.held).toBe(held);
  expect(metricOf(await us.metrics(), "ghosts_refused_total")).toBe(6);
});

test("what was told before, or by an earlier life of a region, is not taken again", async () => {
  await using scene = await setUp();
  const { broker, eu, us } = scene;
  const heard: Parameters<ReturnType<MemoryBroker["link"]>["publish"]>[1][] = [];
  broker.link("replayer").subscribe(TOPIC, ({ payload }) => heard.push(payload));
  eu.blocks.enter(3);
  await runTogether([eu, us], 600);
  eu.blocks.bench.put({ kind: "leave", connection: 3 });
  await runTogether([eu, us], 600);
  expect(ghostsOf(us, 2)).toHaveLength(1);
  for (const payload of heard) broker.link("replayer").publish(TOPIC, payload);
  await runTogether([eu, us], 100);
  expect(ghostsOf(us, 2)).toHaveLength(1);
  expect(metricOf(await us.metrics(), "ghosts_repeated_total")).toBeGreaterThan(0);
  await using again = new MirroredShard(broker, "eu-west-1", { laterMs: 3_000 });
  again.blocks.enter(4, { x: 102_550 });
  await runTogether([again, us], SEEN_MS);
  expect(ghostsOf(us, 2)).toMatchObject([{ name: "player-4" }]);
});
