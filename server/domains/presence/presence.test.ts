import { expect, test } from "bun:test";
import {
  encodePlayer,
  encodePlayerEntry,
  PLAYER_PRESENCE,
  playerEntryKey,
} from "#shared/infra/bus/player-presence.ts";
import type { PlayerRole } from "#shared/model/players.ts";
import { PlayerPresence, PresencePage } from "#shared/model/presence.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";

interface There {
  readonly id: string;
  readonly sinceMs?: number;
  readonly connected?: boolean;
}

let sequence = 0;

/** What a shard does every 1.5 s. */
async function tell(server: TestServer, shardKey: string, players: readonly There[], epoch = 1) {
  sequence += 1;
  server.deps.epochs.raise(shardKey, epoch);
  const body = players
    .map(({ id: playerId, sinceMs = server.clock.wallMs(), connected = true }) =>
      encodePlayer({ playerId, sinceMs, connected }),
    )
    .join(",");
  const text = encodePlayerEntry({ epoch, sequence: String(sequence), body });
  const entries = new Map([[playerEntryKey(shardKey, 0), text]]);
  await server.hub.presence(PLAYER_PRESENCE).put(entries);
}

/** Passes time, in steps in which a reading can end. */
async function pass(server: TestServer, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    server.clock.advance(500);
    await new Promise(setImmediate);
  }
}

async function get(server: TestServer, playerId: string, token: string) {
  const answer = await server.call("GET", `/api/presence/${playerId}`, { token });
  return PlayerPresence.parse(answer.body);
}

async function staff(server: TestServer, role: PlayerRole): Promise<string> {
  return (await registerAs(server, role)).accessToken;
}

const ARENA = "arena:1:eu-west-1";
const BLOCKS = "blocks:1:us-east-1";

test("a player sees where another is, and when it has gone", async () => {
  await using server = await createTestServer();
  const [ada, bob] = [await server.guest("Ada"), await server.guest("Bob")];
  const sinceMs = server.clock.wallMs();
  await tell(server, ARENA, [{ id: bob.player.id, sinceMs }]);
  await pass(server, 1_000);
  expect(await get(server, bob.player.id, ada.accessToken)).toMatchObject({
    playerId: bob.player.id,
    place: {
      worldId: "arena",
      region: "eu-west-1",
      shardKey: ARENA,
      since: new Date(sinceMs).toISOString(),
      connected: true,
    },
    fresh: true,
  });
  await tell(server, ARENA, []);
  await pass(server, 1_000);
  expect(await get(server, bob.player.id, ada.accessToken)).toMatchObject({ place: null });
});

test("a shard that is killed holds nobody 10 s later, whenever it spoke last", async () => {
  await using server = await createTestServer();
  const { accessToken: token, player } = await server.guest("Ada");
  await tell(server, ARENA, [{ id: player.id }]);
  await pass(server, 1_000);
  expect((await get(server, player.id, token)).place).not.toBeNull();
  await pass(server, 8_500);
  expect((await get(server, player.id, token)).place).toBeNull();
});

test("a player in two places is shown once, at the newest; connected before away", async () => {
  await using server = await createTestServer();
  const { accessToken: token, player } = await server.guest("Ada");
  const nowMs = server.clock.wallMs();
  const shardOf = async () => (await get(server, player.id, token)).place?.shardKey;
  await tell(server, ARENA, [{ id: player.id, sinceMs: nowMs }]);
  await tell(server, BLOCKS, [{ id: player.id, sinceMs: nowMs - 5_000 }]);
  await pass(server, 1_000);
  expect(String(await shardOf())).toBe(ARENA);
  await tell(server, ARENA, [{ id: player.id, sinceMs: nowMs, connected: false }]);
  await tell(server, BLOCKS, [{ id: player.id, sinceMs: nowMs - 5_000 }]);
  await pass(server, 1_000);
  expect(String(await shardOf())).toBe(BLOCKS);
  const moderator = await staff(server, "moderator");
  const answer = await server.call("GET", "/api/presence", { token: moderator });
  expect(PresencePage.parse(answer.body)).toMatchObject({ total: 1 });
});

test("what an owner of before says does not count", async () => {
  await using server = await createTestServer();
  const { accessToken: token, player } = await server.guest("Ada");
  await tell(server, ARENA, [], 7);
  await pass(server, 1_000);
  await tell(server, ARENA, [{ id: player.id }], 6);
  await pass(server, 1_000);
  expect((await get(server, player.id, token)).place).toBeNull();
});

test("who is in shards of another server is for staff, and does not move own players", async () => {
  await using server = await createTestServer();
  const { accessToken: token, player } = await server.guest("Ada");
  const body = encodePlayer({ playerId: player.id, sinceMs: 1, connected: true });
  const text = encodePlayerEntry({ epoch: 1, sequence: "1", body });
  await server.hub.presence(PLAYER_PRESENCE).put(new Map([[playerEntryKey(BLOCKS, 0), text]]));
  await pass(server, 1_000);
  expect((await get(server, player.id, token)).place).toBeNull();
  const moderator = await staff(server, "moderator");
  expect((await get(server, player.id, moderator)).place?.shardKey as string).toBe(BLOCKS);
  const answer = await server.call("GET", "/api/presence", { token: moderator });
  expect(PresencePage.parse(answer.body).total).toBe(1);
  await tell(server, ARENA, [{ id: player.id, sinceMs: 0, connected: false }]);
  await pass(server, 1_000);
  expect((await get(server, player.id, token)).place?.shardKey as string).toBe(ARENA);
});

test("between two of whom one blocks the other nobody is anywhere; staff sees all", async () => {
  await using server = await createTestServer();
  const [ada, bob] = [await server.guest("Ada"), await server.guest("Bob")];
  await tell(server, ARENA, [{ id: ada.player.id }, { id: bob.player.id }]);
  await pass(server, 1_000);
  const path = `/api/chat/blocks/${bob.player.id}`;
  await server.call("PUT", path, { token: ada.accessToken, body: {} });
  expect((await get(server, bob.player.id, ada.accessToken)).place).toBeNull();
  expect((await get(server, ada.player.id, bob.accessToken)).place).toBeNull();
  expect((await get(server, ada.player.id, ada.accessToken)).place).not.toBeNull();
  const moderator = await staff(server, "moderator");
  expect((await get(server, ada.player.id, moderator)).place).not.toBeNull();
  await server.call("DELETE", path, { token: ada.accessToken });
  expect((await get(server, bob.player.id, ada.accessToken)).place).not.toBeNull();
});

test("staff lists a world or a region page by page; players do not", async () => {
  await using server = await createTestServer();
  const guests = await Promise.all(["A", "B", "C", "D", "E"].map((name) => server.guest(name)));
  const ids = guests.map(({ player }) => player.id).sort();
  await tell(
    server,
    ARENA,
    ids.slice(0, 3).map((id) => ({ id })),
  );
  await tell(
    server,
    BLOCKS,
    ids.slice(3).map((id) => ({ id })),
  );
  await pass(server, 1_000);
  const token = await staff(server, "moderator");
  const list = async (query: string) => {
    const answer = await server.call("GET", `/api/presence?${query}`, { token });
    return PresencePage.parse(answer.body);
  };
  const first = await list("limit=2");
  expect(first).toMatchObject({ total: 5, nextCursor: ids[1] ?? "" });
  const second = await list(`limit=2&cursor=${first.nextCursor}`);
  const third = await list(`limit=2&cursor=${second.nextCursor}`);
  expect(third.nextCursor).toBeNull();
  const all = [first, second, third].flatMap(({ players }) => players);
  expect(all.map(({ playerId }) => String(playerId))).toEqual(ids.map(String));
  expect((await list("worldId=arena")).total).toBe(3);
  expect((await list("region=us-east-1")).total).toBe(2);
  expect((await list("worldId=arena&region=us-east-1")).total).toBe(0);
  const answer = await server.call("GET", "/api/presence", {
    token: guests[0]?.accessToken ?? "",
  });
  expect(readError(answer).code).toBe("FORBIDDEN");
});

test("what is nonsense in the bus's presence is nobody", async () => {
  await using server = await createTestServer();
  const { accessToken: token, player } = await server.guest("Ada");
  await server.hub.presence(PLAYER_PRESENCE).put(
    new Map([
      ["", ""],
      ["nonsense#0", `1 1 ${player.id}/x`],
      [`${ARENA}#0`, "1 1 not-a-player/x,,/,/////"],
      [`${ARENA}#1`, "nonsense"],
    ]),
  );
  await pass(server, 1_000);
  expect((await get(server, player.id, token)).place).toBeNull();
  expect(server.deps.presence.count).toBe(0);
});
