import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { ShardPhase } from "#proto/bus_pb.ts";
import { TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import { JoinedWorld, World } from "#shared/model/worlds.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../testing/test-server.ts";
import { SILENCE_MS_MAX } from "./shard-registry.ts";

async function requestJoin(server: TestServer, token: string, body: object = {}) {
  return await server.call("POST", "/api/worlds/arena/join", { token, body });
}

/** The number of the instance that the player is sent to. */
async function joinAs(server: TestServer, token: string): Promise<number> {
  const { shardKey } = JoinedWorld.parse((await requestJoin(server, token)).body);
  return Number(shardKey.split(":")[1]);
}

async function joinAsGuests(server: TestServer, count: number): Promise<number[]> {
  const instances: number[] = [];
  for (let index = 0; index < count; index++) {
    // Each from an address of its own: one alone may not make so many guests.
    const headers = { "x-test-address": `10.1.0.${addresses++ % 250}` };
    const answer = await server.call("POST", "/api/auth/guest", { body: {}, headers });
    instances.push(await joinAs(server, readCredentials(answer).accessToken));
  }
  return instances;
}

let addresses = 0;

describe("worlds.list and worlds.get", () => {
  test("tell title, regions and what the shards say now", async () => {
    await using server = await createTestServer();
    const before = World.parse((await server.call("GET", "/api/worlds/arena")).body);
    expect(before).toMatchObject({ title: "Arena", online: false, population: 0, shards: 0 });
    expect(before.regions[0]?.address).toBeNull();
    server.publishShard({ population: 7, capacity: 50 });
    const after = World.parse((await server.call("GET", "/api/worlds/arena")).body);
    expect(after).toMatchObject({ online: true, population: 7, capacity: 50, shards: 1 });
    const address = "ws://127.0.0.1:7777/game";
    const there = { region: "eu-west-1", online: true, population: 7, address };
    expect(after.regions).toMatchObject([there]);
    expect((await server.call("GET", "/api/worlds")).body).toEqual({ worlds: [after] });
  });

  test("a world that does not exist is not found", async () => {
    await using server = await createTestServer();
    const answer = await server.call("GET", "/api/worlds/nowhere");
    expect(answer.status).toBe(404);
    expect(readError(answer).message).toBe(
      'cannot find world "nowhere": there is none; worlds.list tells which there are',
    );
  });
});

describe("worlds.join", () => {
  test("security 4: gives a shard and a ticket for 30 s that no log shows", async () => {
    await using server = await createTestServer();
    server.publishShard();
    const { player, accessToken } = await server.guest("Ada");
    const joined = JoinedWorld.parse((await requestJoin(server, accessToken)).body);
    expect(joined).toMatchObject({
      worldId: "arena",
      shardKey: "arena:1:eu-west-1",
      region: "eu-west-1",
      address: "ws://127.0.0.1:7777/game",
    });
    expect(decodeProtectedHeader(joined.ticket)).toMatchObject({
      alg: "EdDSA",
      typ: "tessera-ticket+jwt",
    });
    const claims = decodeJwt(joined.ticket);
    expect(claims).toMatchObject({
      iss: "tessera",
      aud: "arena:1:eu-west-1",
      sub: player.id,
      name: "Ada",
    });
    expect(claims.jti).toBeString();
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(30);
    expect(server.log.join("\n")).not.toContain(joined.ticket);
  });

  test("the ticket carries the name of now", async () => {
    await using server = await createTestServer();
    server.publishShard();
    const { accessToken: token } = await server.guest("Ada");
    await server.call("PATCH", "/api/players/me", { token, body: { displayName: "Grace" } });
    const joined = JoinedWorld.parse((await requestJoin(server, token)).body);
    expect(decodeJwt(joined.ticket).name).toBe("Grace");
  });

  test("a ticket is no access token", async () => {
    await using server = await createTestServer();
    server.publishShard();
    const { accessToken } = await server.guest();
    const { ticket } = JoinedWorld.parse((await requestJoin(server, accessToken)).body);
    expect((await server.call("GET", "/api/players/me", { token: ticket })).status).toBe(401);
  });

  test("spreads players over shards, counting those just sent", async () => {
    await using server = await createTestServer();
    server.publishShard({ instance: 1, population: 2 });
    server.publishShard({ instance: 2, population: 0 });
    expect(await joinAsGuests(server, 4)).toEqual([2, 2, 1, 2]);
  });

  test("spreads by population relative to capacity", async () => {
    await using server = await createTestServer();
    server.publishShard({ instance: 1, population: 20, capacity: 100 });
    server.publishShard({ instance: 2, population: 8, capacity: 20 });
    expect(await joinAsGuests(server, 3)).toEqual([1, 1, 1]);
  });

  test("a crowd within a second is spread, also while the shards report", async () => {
    await using server = await createTestServer();
    const arrived = [0, 0, 0, 0];
    const report = (index: number) =>
      server.publishShard({ instance: index + 1, population: arrived[index] ?? 0 });
    for (const index of arrived.keys()) report(index);
    const sent = [0, 0, 0, 0];
    for (let count = 0; count < 100; count++) {
      // 100 in a second; each arrives 100 ms later, and every 250 ms one of the shards reports.
      const [instance = 0] = await joinAsGuests(server, 1);
      sent[instance - 1] = (sent[instance - 1] ?? 0) + 1;
      server.clock.schedule(100, () => {
        arrived[instance - 1] = (arrived[instance - 1] ?? 0) + 1;
      });
      server.clock.advance(10);
      if (count % 25 === 24) report((count - 24) / 25);
    }
    expect(Math.max(...sent) - Math.min(...sent)).toBeLessThanOrEqual(10);
    expect(sent.reduce((sum, each) => sum + each, 0)).toBe(100);
  });

  test("a player returns to the shard it was on, however full", async () => {
    await using server = await createTestServer();
    server.publishShard({ instance: 1 });
    const { accessToken } = await server.guest();
    expect(await joinAs(server, accessToken)).toBe(1);
    server.clock.advance(1_000);
    server.publishShard({ instance: 1, population: 99 });
    server.publishShard({ instance: 2, population: 0 });
    expect(await joinAs(server, accessToken)).toBe(1);
  });

  test("one that cannot return goes on elsewhere, and its old shard lets it go", async () => {
    await using server = await createTestServer();
    const moved: unknown[] = [];
    server.hub.subscribe(TOPIC_SESSIONS, ({ payload }) => {
      if (payload.case === "playerMoved") moved.push(payload.value);
    });
    server.publishShard({ instance: 1 });
    const { player, accessToken } = await server.guest();
    await joinAs(server, accessToken);
    server.publishShard({ instance: 2 });
    server.publishShard({ instance: 1, population: 100 });
    expect(moved).toEqual([]);
    expect(await joinAs(server, accessToken)).toBe(2);
    expect(moved).toMatchObject([{ playerId: player.id, shardKey: "arena:2:eu-west-1" }]);
    server.publishShard({ instance: 1, population: 0 });
    expect(await joinAs(server, accessToken)).toBe(2);
    expect(moved).toHaveLength(1);
  });

  test("after the server's start a player waits for the shard it was on", async () => {
    using folder = createTempDir();
    const place = join(folder.path, "control.db");
    let accessToken: string;
    {
      await using server = await createTestServer({ place });
      server.publishShard({ instance: 2 });
      accessToken = (await server.guest()).accessToken;
      expect(await joinAs(server, accessToken)).toBe(2);
    }
    await using server = await createTestServer({ place });
    server.publishShard({ instance: 1 });
    expect((await requestJoin(server, accessToken)).status).toBe(503);
    expect(await joinAsGuests(server, 1)).toEqual([1]);
    server.clock.advance(1_000);
    server.publishShard({ instance: 1 });
    server.publishShard({ instance: 2 });
    expect(await joinAs(server, accessToken)).toBe(2);
  });

  test("one whose shard is gone for good goes on elsewhere", async () => {
    await using server = await createTestServer();
    server.publishShard({ instance: 2 });
    const { accessToken } = await server.guest();
    expect(await joinAs(server, accessToken)).toBe(2);
    server.clock.advance(SILENCE_MS_MAX + 1_000);
    server.publishShard({ instance: 1 });
    expect(await joinAs(server, accessToken)).toBe(1);
  });

  const away: [string, (server: TestServer) => void][] = [
    ["no shard", () => undefined],
    ["a shard that starts", (server) => server.publishShard({ phase: ShardPhase.STARTING })],
    ["a shard that drains", (server) => server.publishShard({ phase: ShardPhase.DRAINING })],
    [
      "a shard that stopped",
      (server) => {
        server.publishShard();
        server.publishShard({ phase: ShardPhase.STOPPED });
      },
    ],
    [
      "a silent shard",
      (server) => {
        server.publishShard();
        server.clock.advance(SILENCE_MS_MAX + 1_000);
      },
    ],
    ["a shard elsewhere", (server) => server.publishShard({ region: "us-east-1" })],
  ];
  for (const [what, arrange] of away) {
    test(`with ${what} the world is offline`, async () => {
      await using server = await createTestServer();
      arrange(server);
      const { accessToken } = await server.guest();
      const answer = await requestJoin(server, accessToken, { region: "eu-west-1" });
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("1");
      expect(readError(answer)).toEqual({
        code: "WORLD_OFFLINE",
        message: "cannot join arena: the world is starting or away; try again in a moment",
      });
    });
  }

  test("a full world says so", async () => {
    await using server = await createTestServer();
    server.publishShard({ population: 4, capacity: 5 });
    const { accessToken } = await server.guest();
    expect((await requestJoin(server, accessToken)).status).toBe(200);
    expect(readError(await requestJoin(server, accessToken)).code).toBe("WORLD_FULL");
  });

  test("a region in which the world does not run is named", async () => {
    await using server = await createTestServer();
    const { accessToken } = await server.guest();
    const answer = await requestJoin(server, accessToken, { region: "mars-1" });
    expect(readError(answer).message).toBe(
      "cannot join arena in mars-1: it does not run there; its regions are eu-west-1",
    );
  });

  test("without a login it is refused", async () => {
    await using server = await createTestServer();
    const answer = await server.call("POST", "/api/worlds/arena/join");
    expect(answer.status).toBe(401);
  });
});

test("the last known state of a shard is in the database", async () => {
  await using server = await createTestServer();
  server.publishShard();
  server.publishShard({ population: 3 });
  server.clock.advance(SILENCE_MS_MAX + 1_000);
  const { rows } = await server.deps.database.client.execute("SELECT key, phase FROM shards");
  expect(rows.map((row) => [row.key, row.phase])).toEqual([["arena:1:eu-west-1", "silent"]]);
});

test("a status whose key does not fit its parts is refused and logged", async () => {
  await using server = await createTestServer();
  server.publishShard({ instance: 0 });
  server.publishShard({ region: "Mars" });
  expect(server.deps.shards.list()).toEqual([]);
  expect(server.log.filter((line) => line.includes("shard status refused"))).toHaveLength(2);
});
