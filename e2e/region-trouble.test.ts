// What operators of several regions may do wrong, and what others may do to them: real processes on
// a real broker, and what their logs say of it.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { create } from "@bufbuild/protobuf";
import { RegionCompression, RegionMessageSchema } from "#proto/region_pb.ts";
import { decodeMessage } from "#shared/infra/bus/message.ts";
import { openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import { createLog } from "#shared/infra/log.ts";
import { openRedis } from "#shared/infra/redis/redis-client.ts";
import { startNats, startRedis } from "#shared/testing/brokers.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { RegionDeployment } from "../bench/regions/region-deployment.ts";
import { RegionProcess } from "../bench/regions/region-process.ts";
import { deriveRegionKeys, signMessage } from "../shards/region/sync/region-keys.ts";
import { batchTopicOf } from "../shards/region/sync/region-link.ts";

const WORLD = "blocks:1";
const EU = "eu-west-1";
const THIRD = "ap-south-1";
const PLANKS = 8 << 8;
const HOUR_MS = 3_600_000;
const AGREE_MS_MAX = 30_000;

const fileOf = (region: string, world = "blocks") =>
  `region: ${region}\ntitle: ${region}\nworlds:\n  - world: ${world}\n`;

function secretOf({ data }: RegionDeployment): string {
  return readFileSync(join(data, "cluster-secret"), "utf8").trim();
}

/** A region that is no shard: it has nothing but cells, and says what the test wants. */
function startBare(regions: RegionDeployment, region: string, secret = secretOf(regions)) {
  return RegionProcess.start({
    ...{ region, secret, regions: [...new Set([region, ...regions.regions])] },
    ...{ bus: regions.broker.url, batchCount: 10, flushMs: 50, compression: "zstd", tickMs: 33 },
  });
}

/** Waits until a region's log has a text from here on. */
function says(regions: RegionDeployment, region: string, text: string) {
  return until(`${region} to say: ${text}`, () => regions.logOf(region).includes(text));
}

function rises(regions: RegionDeployment, metric: string, above = 0) {
  return until(metric, async () => Number(await regions.metric(EU, metric)) > above);
}

/** The same hash as in the shards. */
async function agreeWith(regions: RegionDeployment, bare: RegionProcess) {
  await until("all regions to agree", async () => {
    const { hash } = await bare.ask();
    const { regions: health } = await regions.health(EU);
    return JSON.stringify(health).includes(hash) && (await regions.agree(0)) !== undefined;
  });
}

test("security 8: what is forged, replayed, foreign or blown up is refused and said", async () => {
  await using regions = await RegionDeployment.start("redis");
  {
    await using forger = await startBare(regions, "us-east-1", "a guess at what the secret is");
    forger.tell({ order: "write", writes: [1, 1, PLANKS] });
    await says(regions, EU, 'message of region "us-east-1": its signature is wrong; give all');
    await rises(regions, "tessera_region_messages_refused_total");
  }
  // One that has no file is refused, until it has one: nothing is started again.
  await using third = await startBare(regions, THIRD);
  third.tell({ order: "write", writes: [2, 2, PLANKS, 3, 3, PLANKS] });
  await says(regions, EU, `region "${THIRD}": it is unknown here; add its file to regions/`);
  regions.setFile(THIRD, fileOf(THIRD));
  await says(regions, EU, `region ${THIRD} takes part from now on`);
  await agreeWith(regions, third);
  third.tell({ order: "write", writes: [4, 4, PLANKS] });
  await rises(regions, "tessera_region_cells", 2);
  await agreeWith(regions, third);

  await replayAll(regions);
  await rises(regions, "tessera_region_batches_repeated_total");
  await sendBomb(regions);
  await says(regions, EU, "cannot read changes: they inflate to more than");
  await agreeWith(regions, third);
  expect(await regions.metric(EU, "tessera_region_cells")).toBe("3");
  expect(await regions.health(EU)).toMatchObject({ epoch: 1, bus: true });
}, 120_000);

async function openBus(regions: RegionDeployment) {
  const log = createLog({ process: "test", write: () => undefined });
  const address = regions.broker.url;
  return await openBrokerBus({ address, source: "test", clock: systemClock, log });
}

/** Sends each batch that is in the stream once more, as whoever can write there may do. */
async function replayAll(regions: RegionDeployment): Promise<void> {
  const redis = await openRedis(regions.broker.url);
  const stream = `tessera:stream:{${batchTopicOf(WORLD)}}`;
  const entries = await redis.call("XRANGE", stream, "-", "+");
  redis.close();
  const bus = await openBus(regions);
  if (!Array.isArray(entries) || entries.length === 0) throw new Error("cannot find a batch");
  for (const entry of entries) {
    const [, fields] = Array.isArray(entry) ? entry : [];
    const bytes = Array.isArray(fields) ? fields[1] : undefined;
    const message = Buffer.isBuffer(bytes) ? decodeMessage(bytes) : undefined;
    if (message?.payload.case !== "region") throw new Error("cannot read a batch");
    await bus.send(batchTopicOf(WORLD), message.payload);
  }
  await bus.close();
}

/** A batch of the third region, with its true key, of a few bytes which are 64 MiB. */
async function sendBomb(regions: RegionDeployment): Promise<void> {
  const bus = await openBus(regions);
  const value = {
    sequence: 1,
    compression: RegionCompression.ZSTD,
    changes: zstdCompressSync(new Uint8Array(64 * 1024 * 1024)),
  };
  const message = create(RegionMessageSchema, {
    ...{ region: THIRD, world: WORLD, incarnation: 1n },
    timeMs: BigInt(Math.trunc(systemClock.wallMs())),
    content: { case: "batch", value },
  });
  const signed = signMessage(message, deriveRegionKeys(secretOf(regions), [THIRD]));
  await bus.send(batchTopicOf(WORLD), { case: "region", value: signed });
  await bus.close();
}

test("a wrong clock and a second process of a region are said, and heal", async () => {
  await using regions = await RegionDeployment.start("redis");
  regions.setFile(THIRD, fileOf(THIRD));
  await says(regions, EU, `region ${THIRD} takes part from now on`);
  await using third = await startBare(regions, THIRD);
  third.tell({ order: "clock", wrongMs: HOUR_MS, driftMs: 0 });
  third.tell({ order: "write", writes: [1, 1, PLANKS] });
  await says(regions, EU, `cannot take 1 writes of region ${THIRD}: their stamps are 3600 s ahead`);
  await says(regions, EU, `the clock of region ${THIRD} is 3600 s ahead of the one here; set the`);
  third.tell({ order: "clock", wrongMs: 0, driftMs: 0 });
  await says(regions, EU, `the clock of region ${THIRD} and the one here agree again`);
  await agreeWith(regions, third);
  expect(await regions.metric(EU, "tessera_region_cells")).toBe("1");
  {
    await using twin = await startBare(regions, EU);
    twin.tell({ order: "write", writes: [2, 2, PLANKS] });
    await says(regions, EU, `two processes serve ${WORLD} as region ${EU}, the other since`);
    await rises(regions, "tessera_region_served_twice");
    // What it said counts like anything else of the region.
    await until("its block", async () => {
      return (await regions.metric("us-east-1", "tessera_region_cells")) === "2";
    });
  }
  await until("nobody to speak for it any more", async () => {
    return (await regions.metric(EU, "tessera_region_served_twice")) === "0";
  });
  await agreeWith(regions, third);
}, 120_000);

test("a second shard of a region and unusable files are refused, and why is said", async () => {
  await using regions = await RegionDeployment.start("redis");
  const second = regions.launch(EU);
  expect(await second.ended).toBe(1);
  expect(second.output).toContain("another process is using it; stop that process");
  const elsewhere = regions.launch(EU, {
    TESSERA_DATA: join(regions.data, "elsewhere"),
    TESSERA_CLUSTER_SECRET: secretOf(regions),
  });
  expect(await elsewhere.ended).toBe(75);
  expect(elsewhere.output).toContain(`cannot grant blocks:1:${EU}: this shard's world lives in`);
  regions.setFile(THIRD, fileOf(THIRD, "casino"));
  const wrong = 'worlds.0.world must be one of arena, blocks, not "casino"';
  await says(regions, EU, "cannot take over the region files: those from before stay in force");
  expect(regions.logOf(EU)).toContain(wrong.replaceAll('"', '\\"'));
  const refused = regions.launch(THIRD);
  expect(await refused.ended).toBe(78);
  expect(refused.output).toContain(`${THIRD}.yaml: ${wrong}`);
  regions.setFile(THIRD, fileOf("us-east-1"));
  const twice = regions.launch(THIRD);
  expect(await twice.ended).toBe(78);
  expect(twice.output).toContain("it describes us-east-1, as us-east-1.yaml does");
  regions.setFile(THIRD, `${fileOf(THIRD)}sync:\n  stream: GAME_2\n`);
  const apart = regions.launch(THIRD);
  expect(await apart.ended).toBe(78);
  expect(apart.output).toContain(
    "cannot choose a stream: the region files name GAME_2 and GLOBAL_",
  );
}, 120_000);

test.each([
  ["redis", startRedis, "Redis refuses the user or password"],
  ["nats", startNats, "NATS refuses the user, password or token"],
] as const)(
  "%s with a wrong password: the region serves alone and says why",
  async (...how) => {
    const [kind, start, reason] = how;
    await using regions = await RegionDeployment.start(kind);
    await using guarded = await start("right-word");
    regions.setFile(THIRD, fileOf(THIRD));
    const shard = regions.launch(THIRD, {
      TESSERA_BUS: guarded.url.replace("right-word", "wrong-word"),
    });
    await shard.ready;
    await until("the reason", () => shard.output.includes(reason));
    expect(shard.output).toContain("broker is away, trying again until it is back");
    expect(shard.output).toContain("correct them in the address");
    expect(shard.output).not.toContain("wrong-word");
    expect(await shard.stop()).toBe(0);
  },
  120_000,
);

test.each(["redis", "nats"] as const)(
  "%s away in flight and at a start: nothing is lost, and all meet by themselves",
  async (kind) => {
    await using regions = await RegionDeployment.start(kind);
    regions.setFile(THIRD, fileOf(THIRD));
    await using former = await startBare(regions, THIRD);
    former.tell({ order: "write", writes: [1, 1, PLANKS] });
    await agreeWith(regions, former);
    await regions.broker.service.kill();
    await says(regions, EU, "broker is away, trying again until it is back");
    former.tell({ order: "write", writes: [2, 2, PLANKS, 3, 3, PLANKS] });
    // One that starts meanwhile serves, and says what it lacks.
    regions.setFile("sa-east-1", fileOf("sa-east-1"));
    const late = regions.launch("sa-east-1");
    await late.ready;
    await until("it says so", () => late.output.includes("nobody listens there"));
    await regions.broker.service.restart();
    await says(regions, EU, "broker is back");
    await agreeWith(regions, former);
    expect(await regions.metric(EU, "tessera_region_cells")).toBe("3");
    const health = late.url.replace(/^ws(.*)\/game$/, "http$1/health");
    await until("the late one to have all of it", async () => {
      return (await (await fetch(health)).text()).includes((await former.ask()).hash);
    });
    expect(await regions.agree(AGREE_MS_MAX)).toBeDefined();
    expect(await late.stop()).toBe(0);
  },
  120_000,
);
