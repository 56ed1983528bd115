// Who owns a shard: real servers and real shards, of which at most one may serve.
import { describe, expect, test } from "bun:test";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { GoodbyeReason } from "#proto/frame_pb.ts";
import { ShardKey } from "#shared/model/ids.ts";
import { LEASE_MS } from "#shared/model/leases.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { spawnServer } from "../server/testing/server-process.ts";
import { createTestServer, TEST_CLUSTER_SECRET } from "../server/testing/test-server.ts";
import { HttpLeaseAuthority } from "../shards/region/lease-authority.ts";
import { GameClient } from "../shards/testing/game-client.ts";
import { ShardFixture } from "../shards/testing/shard-fixture.ts";
import { ShardProcess } from "../shards/testing/shard-process.ts";

const KEY = ShardKey.parse("arena:1:eu-west-1");
const SECRET = { TESSERA_CLUSTER_SECRET: TEST_CLUSTER_SECRET };

test("an owner that lost its lease stops serving, and is refused when it returns", async () => {
  await using server = await createTestServer();
  const authority = new HttpLeaseAuthority({
    serverUrl: "http://server.test",
    clusterSecret: TEST_CLUSTER_SECRET,
    clock: systemClock,
    send: async (request) => await server.app.handle(request),
  });
  await using shard = await ShardFixture.start({}, authority);
  using ann = await GameClient.join(shard.address, { ticket: await shard.ticket("ann") });
  await ann.acknowledged(ann.move(1, 0));

  const standby = { shardKey: KEY, holder: crypto.randomUUID(), address: "ws://elsewhere/game" };
  const away = { databaseId: crypto.randomUUID(), databaseFile: "elsewhere", epoch: 1, tick: 1 };
  let databaseId = "";
  const owner = await until("the end of the owner's lease", async () => {
    const claim = { ...standby, ...away, takeOver: true };
    const { outcome, lease } = await authority.acquire(claim);
    if (outcome === "granted") return { epoch: lease.epoch };
    databaseId = lease.databaseId;
    // As if the owner had been out of reach for so long.
    server.clock.advance(LEASE_MS);
    return undefined;
  });
  expect(owner.epoch).toBe(2);
  const goodbye = await ann.next("goodbye");
  expect(goodbye.reason).toBe(GoodbyeReason.STOPPING);
  await ann.ended;
  const [reason] = await until("the end of the old owner", () => {
    return shard.losses.length > 0 && shard.losses;
  });
  expect(reason).toContain(
    `epoch 1 is over, process ${standby.holder} at ws://elsewhere/game holds it under epoch 2`,
  );
  expect(fetch(shard.address.replace(/^ws(.*)game$/, "http$1health"))).rejects.toThrow();

  await authority.release({ shardKey: KEY, holder: standby.holder, epoch: 2, tick: 1 });
  const home = {
    holder: crypto.randomUUID(),
    databaseId,
    databaseFile: "home",
    epoch: 1,
    tick: 9e6,
  };
  const returning = { shardKey: KEY, address: "", takeOver: false, ...home };
  expect(await authority.acquire(returning)).toMatchObject({
    outcome: "refused",
    reason: "other database",
  });
});

describe("processes", () => {
  test("a second one is refused, on the same data and on other data", async () => {
    await using folder = createTempDir();
    const data = join(folder.path, "data");
    await using server = spawnServer({ TESSERA_DATA: data, ...SECRET });
    const environment = { TESSERA_SERVER_URL: await server.ready, ...SECRET };
    await using first = new ShardProcess([], { TESSERA_DATA: data, ...environment });
    await first.says("shard is serving");

    await using same = new ShardProcess([], { TESSERA_DATA: data, ...environment });
    expect(await same.ended()).toBe(1);
    expect(same.output).toContain("another process is using it; stop that process, or give this");

    const other = join(folder.path, "other");
    await using second = new ShardProcess([], { TESSERA_DATA: other, ...environment });
    expect(await second.ended()).toBe(75);
    expect(second.output).toContain(
      `cannot grant ${KEY}: this shard's world lives in another database`,
    );
    expect(second.output).toContain(first.addresses(KEY)[0] ?? "");

    await using forced = new ShardProcess(["--take-over"], { TESSERA_DATA: other, ...environment });
    expect(await forced.ended()).toBe(75);
    expect(forced.output).toContain("holds it until");
    expect(await first.health()).toMatchObject({ status: "serving", epoch: 1 });
  });

  test("one that was killed is back at once, under the next epoch", async () => {
    await using folder = createTempDir();
    const data = { TESSERA_DATA: folder.path };
    await using server = spawnServer(data);
    const environment = { ...data, TESSERA_SERVER_URL: await server.ready };
    await using first = new ShardProcess([], environment);
    await first.says("shard is serving");
    first.child.kill("SIGKILL");
    await first.ended();
    await using second = new ShardProcess([], environment);
    await second.says("shard is serving");
    expect(second.output).not.toContain("waiting for its end");
    expect(await second.health()).toMatchObject({ status: "serving", epoch: 2 });
  });

  test("a server that is started again does not disturb its shards", async () => {
    await using folder = createTempDir();
    const data = { TESSERA_DATA: folder.path };
    await using before = spawnServer(data);
    const url = await before.ready;
    await using shard = new ShardProcess([], { ...data, TESSERA_SERVER_URL: url });
    await shard.says("shard is serving");
    before.kill("SIGKILL");
    await before.end();
    await shard.says("cannot renew the lease; the shard goes on");
    await using after = spawnServer({ ...data, TESSERA_PORT: new URL(url).port });
    await after.ready;
    await shard.says("the lease is renewed again");
    expect(await shard.health()).toMatchObject({ status: "serving", epoch: 1 });
  });

  test("the world moves with --take-over; who had it is refused from then on", async () => {
    await using folder = createTempDir();
    const [home, away] = [join(folder.path, "home"), join(folder.path, "away")];
    await using server = spawnServer({ TESSERA_DATA: home, ...SECRET });
    const environment = { TESSERA_SERVER_URL: await server.ready, ...SECRET };
    await using first = new ShardProcess([], { TESSERA_DATA: home, ...environment });
    await first.says("shard is serving");
    // A backup, so to speak, that is older than the world by its owner's stop.
    cpSync(join(home, "shards"), join(away, "shards"), { recursive: true });
    await until("a tick that the copy lacks", async () => Number((await first.health()).tick) > 60);
    first.child.kill("SIGTERM");
    expect(await first.ended()).toBe(0);

    await using older = new ShardProcess([], { TESSERA_DATA: away, ...environment });
    expect(await older.ended()).toBe(75);
    expect(older.output).toContain("this copy of its database ends with tick");
    await using moved = new ShardProcess(["--take-over"], { TESSERA_DATA: away, ...environment });
    await moved.says("shard is serving");
    expect(moved.output).toContain("the database ends before what its last owner told of");
    expect(await moved.health()).toMatchObject({ status: "serving", epoch: 2 });

    await using back = new ShardProcess([], { TESSERA_DATA: home, ...environment });
    expect(await back.ended()).toBe(75);
    // By then the world may have come further than it ever had there.
    expect(back.output).toMatch(/holds it until|ends with tick/);
  });

  test("without a server a shard waits, says so, and does not serve", async () => {
    await using folder = createTempDir();
    await using shard = new ShardProcess([], {
      TESSERA_DATA: folder.path,
      TESSERA_SERVER_URL: "http://127.0.0.1:9",
    });
    await shard.says("waiting for the server: a shard without a lease does not serve");
    shard.child.kill("SIGTERM");
    expect(await shard.ended()).toBe(0);
    expect(shard.output).not.toContain("shard is serving");
  });
});
