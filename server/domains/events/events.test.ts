import { describe, expect, test } from "bun:test";
import { type DomainEvent, DomainEventSchema } from "#proto/events_pb.ts";
import { TOPIC_EVENTS, TOPIC_KILLS } from "#shared/infra/bus/bus.ts";
import type { Credentials } from "#shared/model/auth.ts";
import { EventPage, EventStatistics, EventTypeList, SentEvent } from "#shared/model/events.ts";
import { until } from "#shared/testing/until.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";
import { trimEvents } from "./trim-events.ts";

async function query(server: TestServer, by: Credentials, filter: Record<string, string> = {}) {
  const path = `/api/events?${new URLSearchParams({ order: "ascending", ...filter })}`;
  const answer = await server.call("GET", path, { token: by.accessToken });
  if (answer.status !== 200) throw new Error(readError(answer).message);
  return EventPage.parse(answer.body);
}

async function typesFor(server: TestServer, by: Credentials, filter?: Record<string, string>) {
  return (await query(server, by, filter)).events.map(({ type }) => type);
}

function kill(server: TestServer, id: string): Promise<void> {
  const value = {
    shardKey: "arena:1:eu-west-1",
    tick: 7,
    killerId: "019a0000-0000-7000-8000-000000000001",
    victimId: "019a0000-0000-7000-8000-000000000002",
  };
  return server.hub.send(TOPIC_KILLS, { case: "playerKilled", value }, { id });
}

const send = (server: TestServer, by: Credentials, body: object) =>
  server.call("POST", "/api/admin/events", { token: by.accessToken, body });

describe("the event log", () => {
  test("tells of what players do, each event in the transaction of its cause", async () => {
    await using server = await createTestServer();
    server.publishShard();
    const admin = await registerAs(server, "admin");
    const ada = await server.guest("Ada");
    const token = ada.accessToken;
    await server.call("PATCH", "/api/players/me", { token, body: { displayName: "Grace" } });
    await server.call("POST", "/api/worlds/arena/join", { token, body: {} });
    await server.call("PUT", `/api/users/${ada.player.id}/ban`, {
      token: admin.accessToken,
      body: { reason: "speed hack" },
    });
    const { events } = await query(server, admin, { players: ada.player.id });
    expect(events.map(({ type, data }) => ({ type, data }))).toMatchObject([
      { type: "player.registered", data: { displayName: "Ada", guest: true } },
      { type: "player.logged_in" },
      { type: "player.renamed", data: { displayName: "Grace" } },
      { type: "player.joined", data: { displayName: "Grace" } },
      { type: "player.banned", data: { reason: "speed hack", byPlayerId: admin.player.id } },
      { type: "player.logged_out", data: { reason: "banned" } },
    ]);
    expect(await typesFor(server, admin, { types: "admin.command" })).toEqual(["admin.command"]);
  });

  test("a cause that fails leaves no event", async () => {
    await using server = await createTestServer();
    const admin = await registerAs(server, "admin");
    const body = { username: "some-admin", password: "correct horse" };
    expect((await server.call("POST", "/api/auth/register", { body })).status).toBe(409);
    expect(await typesFor(server, admin, { types: "player.registered" })).toHaveLength(1);
  });

  test("tells of shards and leases", async () => {
    await using server = await createTestServer();
    const admin = await registerAs(server, "admin");
    server.publishShard();
    server.publishShard({ population: 3 });
    const token = server.deps.clusterSecret;
    const body = {
      holder: "5f0c3d1e-6f3f-4f3c-9b0e-1d2c3b4a5f60",
      databaseId: "5f0c3d1e-6f3f-4f3c-9b0e-1d2c3b4a5f61",
      databaseFile: "one",
      epoch: 0,
      tick: 0,
    };
    const lease = "/api/leases/arena:1:eu-west-1";
    await server.call("POST", `${lease}/acquire`, { token, body });
    await server.call("POST", `${lease}/renew`, { token, body: { ...body, epoch: 1 } });
    await server.call("POST", `${lease}/release`, { token, body: { ...body, epoch: 1 } });
    const { events } = await query(server, admin, { regions: "eu-west-1", worldId: "arena" });
    expect(events).toMatchObject([
      { type: "shard.changed", shardKey: "arena:1:eu-west-1", data: { phase: "serving" } },
      { type: "lease.granted", data: { epoch: 1 } },
      { type: "lease.released", data: { epoch: 1 } },
    ]);
  });

  test("a kill that is told twice is one event", async () => {
    await using server = await createTestServer();
    const ada = await server.guest();
    const ids = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [...ids, ...ids]) await kill(server, id);
    const kills = await until("both kills", async () => {
      const page = await query(server, ada, { types: "combat.killed" });
      return page.events.length >= 2 && page.events;
    });
    expect(kills.map(({ id }) => id)).toEqual(ids);
  });

  test("goes to the bus as events.proto says, once each and in order", async () => {
    await using server = await createTestServer();
    const told: DomainEvent[] = [];
    server.hub.consume(TOPIC_EVENTS, { name: "test" }, (messages) => {
      for (const { payload } of messages) {
        if (payload.case === "domainEvent") told.push(payload.value);
      }
    });
    server.publishShard();
    const admin = await registerAs(server, "admin");
    const ada = await server.guest();
    await server.call("POST", "/api/auth/log-out", { body: ada });
    await send(server, admin, { type: "custom.party", data: { guests: 3 } });
    await until("the last event", () => told.some(({ type }) => type === "custom.party"));
    const { events } = await query(server, admin);
    expect(told.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(told.every(({ event }) => event.case !== undefined)).toBe(true);
    expect(told[0]?.$typeName).toBe(DomainEventSchema.typeName);
    expect(server.log.filter((line) => line.includes("not what events.proto"))).toEqual([]);
  });
});

describe("events.query", () => {
  test("players see what is for everyone and about themselves, staff more", async () => {
    await using server = await createTestServer();
    server.publishShard();
    const [admin, moderator] = [
      await registerAs(server, "admin"),
      await registerAs(server, "moderator"),
    ];
    const [ada, eve] = [await server.guest("Ada"), await server.guest("Eve")];
    await server.call("PATCH", "/api/players/me", {
      token: eve.accessToken,
      body: { displayName: "Mallory" },
    });
    await server.call("PUT", `/api/users/${eve.player.id}/ban`, {
      token: admin.accessToken,
      body: { reason: "cheats" },
    });
    const own = ["player.registered", "player.logged_in"];
    expect(await typesFor(server, ada)).toEqual([...own, "player.renamed"]);
    expect(await typesFor(server, ada, { players: eve.player.id })).toEqual(["player.renamed"]);
    const forModerators = await typesFor(server, moderator);
    expect(forModerators).toContain("shard.changed");
    expect(forModerators).not.toContain("admin.command");
    expect(await typesFor(server, admin)).toContain("admin.command");
  });

  test("staff without the second factor that it needs sees what players see", async () => {
    await using server = await createTestServer({ staffTotp: "required" });
    server.publishShard();
    const admin = await registerAs(server, "admin");
    expect(await typesFor(server, admin)).toEqual(["player.registered", "player.logged_in"]);
  });

  test("pages without a gap or a repetition while more is written", async () => {
    await using server = await createTestServer();
    const admin = await registerAs(server, "admin");
    for (let count = 0; count < 7; count++) await send(server, admin, { type: "custom.one" });
    for (const order of ["ascending", "descending"]) {
      const seen: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const filter = { types: "custom.one", limit: "2", order };
        const page: EventPage = await query(server, admin, {
          ...filter,
          ...(cursor !== "" && { cursor }),
        });
        seen.push(...page.events.map((event) => event.cursor));
        cursor = page.nextCursor;
        if (order === "descending") await send(server, admin, { type: "custom.one" });
      }
      expect(new Set(seen).size).toBe(7);
      expect(seen).toHaveLength(7);
    }
  });

  test("takes a span of time, and refuses what is none of its types", async () => {
    await using server = await createTestServer();
    const admin = await registerAs(server, "admin");
    await send(server, admin, { type: "custom.early" });
    server.clock.advance(60_000);
    const since = new Date(server.clock.wallMs()).toISOString();
    await send(server, admin, { type: "custom.late" });
    expect(await typesFor(server, admin, { since })).toEqual(["custom.late"]);
    expect(await typesFor(server, admin, { until: since })).not.toContain("custom.late");
    await expect(query(server, admin, { types: "custom.late,nonsense" })).rejects.toThrow(
      "must be a type that events.types lists",
    );
  });
});

test("events.statistics counts by type, region, hour and day what the caller may see", async () => {
  await using server = await createTestServer();
  const admin = await registerAs(server, "admin");
  const ada = await server.guest();
  for (const [index, region] of ["eu-west-1", "eu-west-1", "us-east-1"].entries()) {
    const atMs = server.clock.wallMs() + index * 45 * 60_000;
    await server.deps.database.client.execute({
      sql: "INSERT INTO events (type, at_ms, region, data) VALUES ('custom.party', ?, ?, '{}')",
      args: [atMs, region],
    });
  }
  const count = async (by: string, who = admin) => {
    const path = `/api/events/statistics?types=custom.party&by=${by}`;
    const answer = await server.call("GET", path, { token: who.accessToken });
    return EventStatistics.parse(answer.body);
  };
  expect(await count("type")).toEqual({ total: 3, buckets: [{ key: "custom.party", count: 3 }] });
  const byRegion = await count("region");
  expect(byRegion.buckets).toEqual([
    { key: "eu-west-1", count: 2 },
    { key: "us-east-1", count: 1 },
  ]);
  const hours = (await count("hour")).buckets;
  expect(hours.map(({ count }) => count)).toEqual([2, 1]);
  expect(hours[0]?.key).toBe("2027-01-15T08:00:00Z");
  expect((await count("day")).buckets).toEqual([{ key: "2027-01-15", count: 3 }]);
  expect((await count("type", ada)).total).toBe(0);
});

test("events.types says who may see what, and what nothing tells of yet", async () => {
  await using server = await createTestServer();
  const { types } = EventTypeList.parse((await server.call("GET", "/api/events/types")).body);
  expect(types).toContainEqual({
    type: "combat.killed",
    audience: "everyone",
    version: 1,
    produced: true,
  });
  expect(types.find(({ type }) => type === "server.high_cpu")?.produced).toBe(false);
});

describe("admin.sendEvent", () => {
  test("reaches the log with who sent it, and is for administrators only", async () => {
    await using server = await createTestServer();
    const admin = await registerAs(server, "admin");
    const moderator = await registerAs(server, "moderator");
    const body = { type: "world.saved", data: { tick: 9 }, worldId: "arena" };
    expect((await send(server, moderator, body)).status).toBe(403);
    const sent = SentEvent.parse((await send(server, admin, body)).body);
    const { events } = await query(server, admin, { types: "world.saved" });
    expect(events).toMatchObject([
      { id: sent.id, source: "admin", data: { tick: 9 }, metadata: { sentBy: admin.player.id } },
    ]);
  });

  test("refuses data that is not what the type's message says", async () => {
    await using server = await createTestServer();
    const admin = await registerAs(server, "admin");
    const answer = await send(server, admin, { type: "world.saved", data: { tick: "soon" } });
    expect(answer.status).toBe(400);
    expect(readError(answer).message).toStartWith("cannot send world.saved: its data is not what");
  });

  test.each([
    ["too deep", `${'{"a":'.repeat(40)}1${"}".repeat(40)}`, "levels deep"],
    ["too large", `{"a":"${"x".repeat(16_384)}"}`, "must be at most 16384 bytes of JSON"],
    ["rounded on its way", '{"a":9007199254740993}', "integers beyond 2^53 - 1"],
  ])("refuses data that is %s", async (_, data, why) => {
    await using server = await createTestServer();
    const admin = await registerAs(server, "admin");
    const answer = await server.call("POST", "/api/admin/events", {
      token: admin.accessToken,
      body: `{"type":"custom.party","data":${data}}`,
    });
    expect([answer.status, readError(answer).message]).toEqual([400, expect.stringContaining(why)]);
  });
});

test("old events are forgotten, but none that was not told on", async () => {
  await using server = await createTestServer();
  const admin = await registerAs(server, "admin");
  await send(server, admin, { type: "custom.old" });
  const day = 24 * 60 * 60_000;
  server.clock.advance(2 * day);
  const { client } = server.deps.database;
  // The token has expired meanwhile.
  const at = Math.trunc(server.clock.wallMs());
  await client.execute(`INSERT INTO events (type, at_ms, data) VALUES ('custom.new', ${at}, '{}')`);
  server.clock.advance(2_000);
  const relayed = "SELECT number FROM event_cursors WHERE name = 'relay'";
  await until("the relay", async () => {
    const { rows } = await client.execute(relayed);
    return Number(rows[0]?.number) === 4;
  });
  await client.execute("UPDATE event_cursors SET number = 1 WHERE name = 'relay'");
  await trimEvents(server.deps, 1);
  const own = ["player.logged_in", "custom.old", "custom.new"];
  expect(await typesFrom(server)).toEqual(own);
  await client.execute("UPDATE event_cursors SET number = 4 WHERE name = 'relay'");
  await trimEvents(server.deps, 1);
  expect(await typesFrom(server)).toEqual(["custom.new"]);
  const { rows } = await client.execute("SELECT number FROM event_cursors WHERE name = 'trimmed'");
  expect(rows[0]?.number).toBe(3);
});

async function typesFrom(server: TestServer): Promise<unknown[]> {
  const { rows } = await server.deps.database.client.execute(
    "SELECT type FROM events ORDER BY number",
  );
  return rows.map((row) => row.type);
}
