import { describe, expect, test } from "bun:test";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { ShardPhase } from "#proto/bus_pb.ts";
import { JoinedWorld, World } from "#shared/model/worlds.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";
import { SILENCE_MS_MAX } from "./shard-registry.ts";

async function join(server: TestServer, token: string, body: object = {}) {
  return await server.call("POST", "/api/worlds/arena/join", { token, body });
}

describe("worlds.list and worlds.get", () => {
  test("tell title, regions and what the shards say now", async () => {
    await using server = await createTestServer();
    const before = World.parse((await server.call("GET", "/api/worlds/arena")).body);
    expect(before).toMatchObject({ title: "Arena", online: false, population: 0, shards: 0 });
    server.publishShard({ population: 7, capacity: 50 });
    const after = World.parse((await server.call("GET", "/api/worlds/arena")).body);
    expect(after).toMatchObject({ online: true, population: 7, capacity: 50, shards: 1 });
    expect(after.regions).toMatchObject([{ region: "eu-west-1", online: true, population: 7 }]);
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
  test("gives address and ticket of a serving shard", async () => {
    await using server = await createTestServer();
    server.publishShard();
    const { player, accessToken } = await server.guest("Ada");
    const joined = JoinedWorld.parse((await join(server, accessToken)).body);
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
    const joined = JoinedWorld.parse((await join(server, token)).body);
    expect(decodeJwt(joined.ticket).name).toBe("Grace");
  });

  test("a ticket is no access token", async () => {
    await using server = await createTestServer();
    server.publishShard();
    const { accessToken } = await server.guest();
    const { ticket } = JoinedWorld.parse((await join(server, accessToken)).body);
    expect((await server.call("GET", "/api/players/me", { token: ticket })).status).toBe(401);
  });

  test("spreads players over shards, counting those just sent", async () => {
    await using server = await createTestServer();
    server.publishShard({ instance: 1, population: 2 });
    server.publishShard({ instance: 2, population: 0 });
    const { accessToken } = await server.guest();
    const keys: string[] = [];
    for (let count = 0; count < 4; count++) {
      keys.push(JoinedWorld.parse((await join(server, accessToken)).body).shardKey);
    }
    expect(keys.map((key) => key.split(":")[1])).toEqual(["2", "2", "1", "2"]);
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
      const answer = await join(server, accessToken, { region: "eu-west-1" });
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
    expect((await join(server, accessToken)).status).toBe(200);
    expect(readError(await join(server, accessToken)).code).toBe("WORLD_FULL");
  });

  test("a region in which the world does not run is named", async () => {
    await using server = await createTestServer();
    const { accessToken } = await server.guest();
    const answer = await join(server, accessToken, { region: "mars-1" });
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
