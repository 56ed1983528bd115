import { describe, expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { eq } from "drizzle-orm";
import { BusMessageSchema, HubRequestSchema } from "#proto/bus_pb.ts";
import { TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import { players } from "#shared/infra/db/schema/control.ts";
import { FoundLease, LEASE_MS, Lease, LeaseAnswer, LeaseList } from "#shared/model/leases.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import {
  createTestServer,
  readError,
  TEST_CLUSTER_SECRET,
  type TestServer,
} from "../../testing/test-server.ts";

const KEY = "arena:1:eu-west-1";
const HOME = "10000000-0000-4000-8000-000000000001";
const AWAY = "20000000-0000-4000-8000-000000000002";
const service = { token: TEST_CLUSTER_SECRET };

/** A process that wants the shard, on the database HOME unless it says otherwise. */
class Claimant {
  readonly holder = crypto.randomUUID();
  readonly #server: TestServer;
  readonly #own: Record<string, unknown>;

  constructor(server: TestServer, own: Record<string, unknown> = {}) {
    this.#server = server;
    this.#own = { databaseId: HOME, databaseFile: "disk 1", epoch: 0, tick: 0, ...own };
  }

  acquire(more: Record<string, unknown> = {}): Promise<LeaseAnswer> {
    return this.#ask("acquire", more);
  }

  renew(epoch: number, more: Record<string, unknown> = {}): Promise<LeaseAnswer> {
    return this.#ask("renew", { epoch, ...more });
  }

  async release(epoch: number, tick = 0): Promise<unknown> {
    const body = { holder: this.holder, epoch, tick };
    const path = `/api/leases/${KEY}/release`;
    return (await this.#server.call("POST", path, { body, ...service })).body;
  }

  async #ask(what: string, more: Record<string, unknown>): Promise<LeaseAnswer> {
    const body = { holder: this.holder, ...this.#own, ...more };
    const path = `/api/leases/${encodeURIComponent(KEY)}/${what}`;
    const answer = await this.#server.call("POST", path, { body, ...service });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return LeaseAnswer.parse(answer.body);
  }
}

async function adminOf(server: TestServer): Promise<{ token: string }> {
  const { player, accessToken } = await server.guest();
  const { orm } = server.deps.database;
  await orm.update(players).set({ role: "admin", guest: false }).where(eq(players.id, player.id));
  return { token: accessToken };
}

test("leases.find looks and grants nothing, for processes by the cluster secret", async () => {
  await using server = await createTestServer();
  const path = `/api/leases/${encodeURIComponent(KEY)}/owner`;
  const find = async () => FoundLease.parse((await server.call("GET", path, service)).body);
  expect(await find()).toEqual({ lease: null });
  expect(await find()).toEqual({ lease: null });
  const owner = new Claimant(server);
  await owner.acquire({ tick: 7 });
  expect(await find()).toMatchObject({ lease: { holder: owner.holder, tick: 7, epoch: 1 } });
  const stranger = await server.call("GET", path, await adminOf(server));
  expect(stranger.status).toBe(401);
});

describe("leases.acquire", () => {
  test("grants a shard that nobody had, and the epoch rises with every new holder", async () => {
    await using server = await createTestServer();
    const first = new Claimant(server);
    const granted = await first.acquire({ address: "ws://one/game" });
    expect(granted).toMatchObject({
      outcome: "granted",
      lease: { epoch: 1, holder: first.holder, address: "ws://one/game", leftMs: LEASE_MS },
    });
    server.clock.advance(LEASE_MS);
    const second = new Claimant(server, { databaseFile: "disk 2" });
    expect(await second.acquire()).toMatchObject({ outcome: "granted", lease: { epoch: 2 } });
    expect(await second.release(2)).toEqual({ released: true });
    expect(await first.acquire()).toMatchObject({ outcome: "granted", lease: { epoch: 3 } });
  });

  test("of 64 at once exactly one is granted", async () => {
    await using server = await createTestServer();
    const claimants = Array.from({ length: 64 }, (_, index) => {
      return new Claimant(server, { databaseFile: `disk ${index}` });
    });
    const answers = await Promise.all(claimants.map((claimant) => claimant.acquire()));
    const granted = answers.filter(({ outcome }) => outcome === "granted");
    expect(granted).toHaveLength(1);
    const [winner] = granted;
    expect(new Set(answers.map(({ lease }) => lease.holder))).toEqual(
      new Set([winner?.lease.holder ?? null]),
    );
    server.clock.advance(LEASE_MS);
    const again = await Promise.all(claimants.map((claimant) => claimant.acquire()));
    expect(again.filter(({ outcome }) => outcome === "granted")).toHaveLength(1);
  });

  test("a process that did not hear the answer asks again and has the same epoch", async () => {
    await using server = await createTestServer();
    const claimant = new Claimant(server);
    await claimant.acquire();
    expect(await claimant.acquire()).toMatchObject({ outcome: "granted", lease: { epoch: 1 } });
  });

  test("says who holds it, until when, and what to do", async () => {
    await using server = await createTestServer();
    const owner = new Claimant(server);
    await owner.acquire({ address: "ws://one/game" });
    server.clock.advance(2_000);
    const refused = await new Claimant(server, { databaseFile: "disk 2" }).acquire();
    expect(refused).toMatchObject({
      outcome: "refused",
      reason: "held",
      lease: { holder: owner.holder, leftMs: LEASE_MS - 2_000 },
      message:
        `cannot grant ${KEY}: process ${owner.holder} at ws://one/game holds it until ` +
        "2027-01-15T08:00:06.000Z (4000 ms from now); stop that process, or wait until its " +
        "lease has run out",
    });
  });

  test("whoever has the holder's very file locked need not wait", async () => {
    await using server = await createTestServer();
    const killed = new Claimant(server);
    await killed.acquire();
    const next = new Claimant(server, { epoch: 1, tick: 60 });
    expect(await next.acquire()).toMatchObject({ outcome: "granted", lease: { epoch: 2 } });
    expect(await killed.renew(1)).toMatchObject({ outcome: "refused", reason: "lost" });
  });

  test("refuses another database, also when nobody holds the shard", async () => {
    await using server = await createTestServer();
    const owner = new Claimant(server);
    await owner.acquire({ address: "ws://one/game" });
    await owner.release(1);
    const other = new Claimant(server, { databaseId: AWAY, databaseFile: "disk 2" });
    const refused = await other.acquire();
    expect(refused).toMatchObject({ outcome: "refused", reason: "other database" });
    expect("message" in refused && refused.message).toBe(
      `cannot grant ${KEY}: this shard's world lives in another database (${HOME}, of nobody, ` +
        `last heard of at 2027-01-15T08:00:00.000Z), and this one is ${AWAY}; start where that ` +
        "database is, with --standby to follow it from here, or with --take-over to go on with " +
        "this one in its place",
    );
  });

  test("a take-over waits for the holder's end; the old one is out", async () => {
    await using server = await createTestServer();
    const owner = new Claimant(server);
    await owner.acquire();
    await owner.renew(1, { tick: 300 });
    const own = { databaseId: AWAY, databaseFile: "disk 2", epoch: 1, tick: 290 };
    const standby = new Claimant(server, own);
    const early = await standby.acquire({ takeOver: true });
    expect(early).toMatchObject({ outcome: "refused", reason: "held" });
    server.clock.advance(LEASE_MS);
    const granted = await standby.acquire({ takeOver: true });
    expect(granted).toMatchObject({
      outcome: "granted",
      lease: { epoch: 2, databaseId: AWAY, tick: 290, ticksLost: 10 },
    });
    expect(await owner.renew(1)).toMatchObject({ outcome: "refused", lease: { epoch: 2 } });
    server.clock.advance(LEASE_MS);
    const back = await owner.acquire({ epoch: 1, tick: 300 });
    expect(back).toMatchObject({ outcome: "refused", reason: "other database" });
  });

  test("a copy of the database that ends earlier is refused; the very file is not", async () => {
    await using server = await createTestServer();
    const owner = new Claimant(server);
    await owner.acquire();
    await owner.renew(1, { tick: 300 });
    server.clock.advance(LEASE_MS);
    const copy = new Claimant(server, { databaseFile: "disk 2", epoch: 1, tick: 299 });
    const refused = await copy.acquire();
    expect(refused).toMatchObject({ outcome: "refused", reason: "behind" });
    expect("message" in refused && refused.message).toContain(
      "this copy of its database ends with tick 299, and its owner had told of tick 300 at " +
        "2027-01-15T08:00:00.000Z; start on the newest copy, or with --take-over",
    );
    const file = new Claimant(server, { epoch: 1, tick: 299 });
    expect(await file.acquire()).toMatchObject({ outcome: "granted", lease: { ticksLost: 1 } });
  });

  test("an epoch is above that of the claimant's database, also in a new table", async () => {
    await using server = await createTestServer();
    const granted = await new Claimant(server, { epoch: 7 }).acquire();
    expect(granted).toMatchObject({ outcome: "granted", lease: { epoch: 8 } });
  });
});

describe("leases.renew", () => {
  test("prolongs the lease, also one that has run out", async () => {
    await using server = await createTestServer();
    const owner = new Claimant(server);
    await owner.acquire();
    for (const passedMs of [1_000, LEASE_MS + 1]) {
      server.clock.advance(passedMs);
      const renewed = await owner.renew(1, { tick: 30, address: "ws://one/game" });
      expect(renewed).toMatchObject({
        outcome: "granted",
        lease: { epoch: 1, leftMs: LEASE_MS, tick: 30, address: "ws://one/game" },
      });
    }
  });

  test("after it was given back there is nothing to renew", async () => {
    await using server = await createTestServer();
    const owner = new Claimant(server);
    await owner.acquire();
    await owner.release(1);
    const refused = await owner.renew(1);
    expect(refused).toMatchObject({
      outcome: "refused",
      reason: "lost",
      message: `cannot renew the lease of ${KEY}: it was given back; acquire it again`,
    });
    expect(await owner.release(1)).toEqual({ released: false });
  });

  test("an owner outlives an older or empty control database in the server's place", async () => {
    await using before = await createTestServer();
    const owner = new Claimant(before);
    await owner.acquire();
    await using older = await createTestServer();
    const moved = Object.assign(new Claimant(older), { holder: owner.holder });
    expect(await moved.renew(5)).toMatchObject({ outcome: "granted", lease: { epoch: 5 } });
    expect(await moved.renew(6)).toMatchObject({ outcome: "granted", lease: { epoch: 6 } });
    expect(await new Claimant(older).renew(5)).toMatchObject({ outcome: "refused" });
  });
});

test("a lease outlives the server, and a clock that was set back does not prolong it", async () => {
  using folder = createTempDir();
  const place = `${folder.path}/control.db`;
  const owner = { holder: "" };
  {
    await using server = await createTestServer({ place });
    const claimant = new Claimant(server);
    owner.holder = claimant.holder;
    await claimant.acquire();
  }
  const clock = new FakeClock({ wallStartMs: 1_700_000_000_000 });
  await using server = await createTestServer({ place, clock });
  const refused = await new Claimant(server, { databaseFile: "disk 2" }).acquire();
  expect(refused).toMatchObject({
    outcome: "refused",
    lease: { holder: owner.holder, leftMs: LEASE_MS },
  });
});

test("people see leases: admins only; the cluster secret grants none of it", async () => {
  await using server = await createTestServer();
  const owner = new Claimant(server);
  await owner.acquire();
  const admin = await adminOf(server);
  const list = LeaseList.parse((await server.call("GET", "/api/leases", admin)).body);
  expect(list.leases).toMatchObject([{ shardKey: KEY, holder: owner.holder }]);
  const one = await server.call("GET", `/api/leases/${KEY}`, admin);
  expect(Lease.parse(one.body)).toEqual(list.leases[0] as Lease);
  const none = await server.call("GET", "/api/leases/arena:9:eu-west-1", admin);
  expect(readError(none)).toEqual({
    code: "NOT_FOUND",
    message:
      "cannot find the lease of arena:9:eu-west-1: no shard of that key ever ran; leases.list " +
      "tells which",
  });
  const { accessToken: token } = await server.guest();
  expect((await server.call("GET", "/api/leases", { token })).status).toBe(403);
  const body = { holder: owner.holder, databaseId: HOME, databaseFile: "f", epoch: 0, tick: 0 };
  const path = `/api/leases/${KEY}/acquire`;
  for (const other of [admin, { token }, {}]) {
    expect((await server.call("POST", path, { body, ...other })).status).toBe(401);
  }
});

test("what is no claim is refused by the field's name", async () => {
  await using server = await createTestServer();
  await expect(new Claimant(server).acquire({ epoch: -1 })).rejects.toThrow("epoch");
  await expect(new Claimant(server).acquire({ databaseId: "mine" })).rejects.toThrow(
    "databaseId must be a UUID",
  );
});

test("messages of an owner that was reach nobody, are counted, and logged once", async () => {
  using folder = createTempDir();
  const place = `${folder.path}/control.db`;
  const got: number[] = [];
  {
    await using server = await createTestServer({ place });
    const owner = new Claimant(server);
    await owner.acquire();
    await new Claimant(server).acquire();
  }
  await using server = await createTestServer({ place });
  server.hub.subscribe(TOPIC_SHARDS, ({ epoch }) => got.push(epoch));
  const connection = { send: () => undefined, close: () => undefined };
  server.hub.open(connection);
  const publish = (source: string, epoch: number) => {
    const message = create(BusMessageSchema, { id: "1", topic: TOPIC_SHARDS, source, epoch });
    const value = toBinary(BusMessageSchema, message);
    const request = create(HubRequestSchema, { request: { case: "publish", value } });
    server.hub.message(connection, toBinary(HubRequestSchema, request));
  };
  for (const epoch of [2, 1, 1, 0, 3]) publish(KEY, epoch);
  publish("somebody else", 0);
  expect(got).toEqual([2, 3, 0]);
  const metrics = await server.call("GET", "/metrics");
  expect(metrics.body).toContain('tessera_bus_fenced_total{process="server"} 3');
  const said = server.log.filter((line) => line.includes("not the owner any more"));
  expect(said).toHaveLength(2);
});
