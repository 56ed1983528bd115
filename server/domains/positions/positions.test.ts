import { expect, test } from "bun:test";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { HubRequestSchema } from "#proto/bus_pb.ts";
import { TOPIC_POSITIONS } from "#shared/infra/bus/bus.ts";
import { createMessage, encodeMessage } from "#shared/infra/bus/message.ts";
import {
  encodePlayer,
  encodePlayerEntry,
  PLAYER_PRESENCE,
  playerEntryKey,
} from "#shared/infra/bus/player-presence.ts";
import { NearPlayers } from "#shared/model/positions.ts";
import { PlayerPresence } from "#shared/model/presence.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";

interface There {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** What a shard says of its players: that they are there, and where. */
async function tell(
  server: TestServer,
  source: string,
  players: readonly There[],
  isLeased = true,
) {
  const { hub, clock } = server;
  if (isLeased) server.deps.epochs.raise(source, 1);
  const body = players
    .map(({ id: playerId }) => encodePlayer({ playerId, sinceMs: 1, connected: true }))
    .join(",");
  const text = encodePlayerEntry({ epoch: 1, sequence: `${clock.monotonicMs()}`, body });
  await hub.presence(PLAYER_PRESENCE).put(new Map([[playerEntryKey(source, 0), text]]));
  const value = {
    ...{ side: 2_048, playerIds: players.map(({ id }) => id) },
    ...{ x: players.map(({ x }) => x), y: players.map(({ y }) => y) },
  };
  const message = createMessage(
    { topic: TOPIC_POSITIONS, source, epoch: 1, clock },
    { case: "positionsTold", value },
    {},
  );
  const guest = { send: () => undefined, close: () => undefined };
  hub.open(guest);
  const request = { case: "publish" as const, value: encodeMessage(message) };
  hub.message(guest, toBinary(HubRequestSchema, create(HubRequestSchema, { request })));
  hub.closed(guest);
  clock.advance(1_000);
  await new Promise(setImmediate);
}

const EUROPE = "arena:1:eu-west-1";
const AMERICA = "arena:1:us-east-1";

test("staff finds who is near, in all shards of a world, the nearest first", async () => {
  await using server = await createTestServer();
  const { accessToken: token } = await registerAs(server, "moderator");
  const guests = await Promise.all(["A", "B", "C", "D"].map((name) => server.guest(name)));
  const [ann = "", bob = "", cid = "", dan = ""] = guests.map(({ player }) => String(player.id));
  server.publishShard();
  server.publishShard({ region: "us-east-1" });
  await tell(server, EUROPE, [
    { id: ann, x: 100, y: 100 },
    { id: bob, x: 130, y: 100 },
    { id: dan, x: 900, y: 900 },
  ]);
  await tell(server, AMERICA, [{ id: cid, x: 110, y: 100 }]);
  server.publishShard();
  server.publishShard({ region: "us-east-1" });
  const near = async (query: string) => {
    const path = `/api/positions/near?worldId=arena&x=100&y=100&${query}`;
    return NearPlayers.parse((await server.call("GET", path, { token })).body).players;
  };
  const found = await near("radius=50");
  expect(found.map(({ playerId }) => String(playerId))).toEqual([ann, cid, bob]);
  expect(found[1]).toMatchObject({ shardKey: AMERICA, x: 110, y: 100, distance: 10 });
  expect(await near("radius=50&limit=1")).toHaveLength(1);
  expect((await near("radius=50&region=us-east-1")).map(({ x }) => x)).toEqual([110]);
  // Who has left is not found, although its position is not old yet.
  await tell(server, EUROPE, [{ id: ann, x: 101, y: 100 }]);
  server.publishShard();
  expect((await near("radius=50&region=eu-west-1")).map(({ x }) => x)).toEqual([101]);
});

test("players do not look through walls, and nonsense is refused by its name", async () => {
  await using server = await createTestServer();
  const path = "/api/positions/near?worldId=arena&x=1&y=1&radius=5";
  const { accessToken } = await server.guest();
  const refused = await server.call("GET", path, { token: accessToken });
  expect(readError(refused).code).toBe("FORBIDDEN");
  const { accessToken: token } = await registerAs(server, "moderator");
  const wrong = await server.call("GET", path.replace("radius=5", "radius=-1"), { token });
  expect(readError(wrong)).toMatchObject({ code: "INVALID_INPUT" });
  expect(readError(wrong).message).toContain("radius");
});

test("where players of a shard are is written by the server that leases it alone", async () => {
  await using server = await createTestServer();
  const { player, accessToken: token } = await server.guest();
  const seen = async () => {
    const answer = await server.call("GET", `/api/presence/${player.id}`, { token });
    return PlayerPresence.parse(answer.body).lastSeen;
  };
  await tell(server, EUROPE, [{ id: player.id, x: 1, y: 1 }], false);
  expect(server.deps.positions.told).toBe(0);
  expect(await seen()).toBeNull();
  await tell(server, EUROPE, [{ id: player.id, x: 2, y: 2 }]);
  expect(await seen()).toMatchObject({ x: 2, y: 2 });
});

test("who was where last is known when it has gone, and after a stop", async () => {
  await using folder = createTempDir();
  const place = join(folder.path, "control.db");
  const clock = new FakeClock();
  const before = await createTestServer({ place, clock });
  const [ada, bob] = [await before.guest("Ada"), await before.guest("Bob")];
  const read = async (server: TestServer, token: string) => {
    const answer = await server.call("GET", `/api/presence/${bob.player.id}`, { token });
    return PlayerPresence.parse(answer.body);
  };
  expect((await read(before, ada.accessToken)).lastSeen).toBeNull();
  await tell(before, EUROPE, [{ id: bob.player.id, x: 7, y: 9 }]);
  await tell(before, EUROPE, [{ id: bob.player.id, x: 8, y: 9 }]);
  const at = new Date(clock.wallMs() - 1_000).toISOString();
  await tell(before, EUROPE, []);
  const last = { worldId: "arena", region: "eu-west-1", at };
  expect(await read(before, ada.accessToken)).toMatchObject({
    place: null,
    lastSeen: { ...last, x: null, y: null },
  });
  expect((await read(before, bob.accessToken)).lastSeen).toMatchObject({ ...last, x: 8, y: 9 });
  await before[Symbol.asyncDispose]();
  await using after = await createTestServer({ place, clock });
  expect((await read(after, bob.accessToken)).lastSeen).toMatchObject({ ...last, x: 8, y: 9 });
});
