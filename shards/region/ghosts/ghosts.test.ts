// People and animals of one region as clients of another see them: shards with loops and journals.
import { expect, test } from "bun:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { RejectionReason } from "#proto/frame_pb.ts";
import { RegionCompression, RegionMessageSchema } from "#proto/region_pb.ts";
import { BLOCKS_VELOCITY_PARTS } from "#shared/net/blocks-view.ts";
import { Block, BlocksKind, isCreature, isGhostId } from "#shared/sim/index.ts";
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
  eu.blocks.enter(1, { slots: [Block.Planks, 5] });
  us.blocks.enter(2, { x: 102_650 });
  await runTogether([eu, us], SEEN_MS);
  return {
    ...{ broker, eu, us },
    async [Symbol.asyncDispose]() {
      await eu[Symbol.asyncDispose]();
      await us[Symbol.asyncDispose]();
    },
  };
}

/** People and animals that a client of a shard sees, of its own region or of others. */
function creaturesOf(shard: MirroredShard, connection: number, from: "here" | "elsewhere") {
  const { entities, tick } = shard.blocks.onlooker(connection).view;
  const creatures = [...entities.values()].filter(({ kind }) => isCreature(kind));
  return creatures
    .filter(({ home }) => (home === "") === (from === "here"))
    .map(({ id, kind, home, cell, ...record }) => {
      const x = record.x + (record.vx * (tick - record.tick)) / BLOCKS_VELOCITY_PARTS;
      const y = record.y + (record.vy * (tick - record.tick)) / BLOCKS_VELOCITY_PARTS;
      return { id, kind, home, cell, x, y, told: record };
    });
}

function kindsOf(list: readonly { kind: number }[]): number[] {
  return list.map(({ kind }) => kind).sort((a, b) => a - b);
}

function metricOf(text: string, name: string): number {
  return Number(new RegExp(`^tessera_region_${name}\\S* (\\S+)$`, "m").exec(text)?.[1]);
}

test("who lives in one region is seen in the other, and what lies there is not", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  const place = { x: 1024, y: 1024 };
  eu.blocks.act(1, { case: "drop", value: { slot: 0, count: 1, ...place } }, 1);
  await runTogether([eu, us], 1_000);
  const own = creaturesOf(eu, 1, "here");
  const seen = creaturesOf(us, 2, "elsewhere");
  expect(own.length).toBeGreaterThan(0);
  expect(kindsOf(seen)).toEqual(kindsOf(own));
  expect(seen.every(({ id, home }) => isGhostId(id) && home === "eu-west-1")).toBe(true);
  expect(kindsOf(creaturesOf(eu, 1, "elsewhere"))).toEqual(kindsOf(creaturesOf(us, 2, "here")));
  const items = [...us.blocks.onlooker(2).view.entities.values()].filter(({ kind, home }) => {
    return kind === BlocksKind.Item && home !== "";
  });
  expect(items).toEqual([]);
  const metrics = await us.metrics();
  expect(metricOf(metrics, "ghosts")).toBe(us.world.ghosts?.held ?? 0);
  expect(metricOf(metrics, "ghosts")).toBeGreaterThanOrEqual(seen.length);
  expect(metricOf(metrics, "ghosts_told_total")).toBeGreaterThan(0);
});

test("they are seen where they go, foretold between tellings, from chunk to chunk", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  let isMoving = false;
  let farthest = 0;
  for (let turn = 0; turn < 200; turn += 1) {
    await runTogether([eu, us], 50);
    const own = creaturesOf(eu, 1, "here");
    for (const ghost of creaturesOf(us, 2, "elsewhere")) {
      const { x, y } = ghost.told;
      expect(ghost.cell).toBe(Math.floor(y / 1_600) * 128 + Math.floor(x / 1_600));
      isMoving ||= ghost.told.vx !== 0 || ghost.told.vy !== 0;
      const same = own.filter(({ kind }) => kind === ghost.kind);
      const away = same.map((other) => Math.hypot(other.x - ghost.x, other.y - ghost.y));
      farthest = Math.max(farthest, Math.min(...away));
    }
  }
  expect(isMoving).toBe(true);
  // What one can go in a quarter of a second, and a little.
  expect(farthest).toBeLessThanOrEqual(200);
  expect(us.blocks.onlooker(2).view.mismatches).toBe(0);
});

test("those of a region that is cut off, or whose shard was killed, are seen no more", async () => {
  await using scene = await setUp();
  const { broker, eu, us } = scene;
  const { length } = creaturesOf(us, 2, "elsewhere");
  broker.cut("eu-west-1");
  await runTogether([eu, us], 2_000);
  expect(creaturesOf(us, 2, "elsewhere")).toHaveLength(length);
  await runTogether([eu, us], 4_000);
  expect([creaturesOf(us, 2, "elsewhere"), creaturesOf(eu, 1, "elsewhere")]).toEqual([[], []]);
  expect(metricOf(await us.metrics(), "ghosts")).toBe(0);
  broker.cut("eu-west-1", false);
  await runTogether([eu, us], 2_000);
  expect(kindsOf(creaturesOf(us, 2, "elsewhere"))).toEqual(kindsOf(creaturesOf(eu, 1, "here")));
  expect(us.blocks.onlooker(2).view.mismatches).toBe(0);
});

test("a shard that stops takes its ghosts along at once", async () => {
  await using scene = await setUp();
  const { eu, us } = scene;
  await eu[Symbol.asyncDispose]();
  await us.run(100);
  expect(creaturesOf(us, 2, "elsewhere")).toEqual([]);
});

test("nobody of another region can be struck, talked to or taken", async () => {
  await using scene = await setUp();
  const { us } = scene;
  const { entities } = us.blocks.onlooker(2).view;
  const player = [...entities.values()].find(({ home, name }) => home !== "" && name !== "");
  const value = { entity: creaturesOf(us, 2, "elsewhere")[0]?.id ?? 0 };
  us.blocks.act(2, { case: "attack", value });
  us.blocks.act(2, { case: "attack", value: { entity: player?.id ?? 0 } });
  const target = { case: "entity", value: value.entity } as const;
  us.blocks.act(2, { case: "interact", value: { target } }, 1);
  us.blocks.act(2, { case: "pickup", value }, 2);
  await us.run(200);
  const { bench } = us.blocks;
  const reason = RejectionReason.ELSEWHERE;
  const rejections = bench.controls.filter(({ kind }) => kind === "reject");
  expect(rejections).toMatchObject([
    { sequence: 1, reason },
    { sequence: 2, reason },
  ]);
  expect(bench.resultsTo(2)).toMatchObject([
    { id: 1, reason },
    { id: 2, reason },
  ]);
});

test("the world, its hash and its journal know nothing of them", async () => {
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
    {
      keys = SCENE_KEYS,
      x = 1,
      kind = BlocksKind.Cow,
    }: { keys?: RegionKeys; x?: number; kind?: number } = {},
  ) => {
    const ghost = { id: 7, kind, age: 0, x, y: 1, vx: 0, vy: 0, wounds: 0, facing: 0, state: 0 };
    const ghosts = packGhosts({
      ...{ tick: 1, tickRate: 20, gone: [], allGone: false },
      ghosts: [ghost],
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
  await runTogether([eu, us], 2_000);
  // Its next life, in which nobody has come near any creature yet.
  await using again = new MirroredShard(broker, "eu-west-1", { laterMs: 5_000 });
  await again[Symbol.asyncDispose]();
  await us.run(100);
  expect(creaturesOf(us, 2, "elsewhere")).toEqual([]);
  expect(heard.length).toBeGreaterThan(0);
  for (const payload of heard) broker.link("replayer").publish(TOPIC, payload);
  await us.run(100);
  expect(creaturesOf(us, 2, "elsewhere")).toEqual([]);
  expect(metricOf(await us.metrics(), "ghosts_repeated_total")).toBeGreaterThan(0);
});
