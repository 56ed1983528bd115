import { describe, expect, test } from "bun:test";
import { TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import type { Credentials } from "#shared/model/auth.ts";
import type { PlayerRole } from "#shared/model/players.ts";
import { UserPage } from "#shared/model/users.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../testing/test-server.ts";

const PASSWORD = "correct horse";

async function register(server: TestServer, username: string, role: PlayerRole = "player") {
  const body = { username, password: PASSWORD };
  const login = readCredentials(await server.call("POST", "/api/auth/register", { body }));
  const sql = "UPDATE players SET role = ? WHERE id = ?";
  await server.deps.database.client.execute({ sql, args: [role, login.player.id] });
  return login;
}

const ban = (server: TestServer, by: Credentials, whom: Credentials, more: object = {}) =>
  server.call("PUT", `/api/users/${whom.player.id}/ban`, {
    token: by.accessToken,
    body: { reason: "speed hack", ...more },
  });
const setRole = (server: TestServer, by: Credentials, whom: Credentials, role: string) =>
  server.call("PUT", `/api/users/${whom.player.id}/role`, {
    token: by.accessToken,
    body: { role },
  });

describe("users.ban", () => {
  test("security 2: ends every login, tells the shards and keeps the player out", async () => {
    await using server = await createTestServer();
    const staff = await register(server, "Moderator", "moderator");
    const eve = await register(server, "Eve");
    const told: string[] = [];
    server.hub.subscribe(TOPIC_SESSIONS, ({ payload }) => {
      if (payload.case === "sessionsRevoked") told.push(payload.value.playerId);
    });
    expect((await ban(server, staff, eve)).body).toEqual({ banned: true, endsAt: null });
    expect(told).toEqual([eve.player.id]);
    const token = eve.accessToken;
    expect((await server.call("GET", "/api/players/me", { token })).status).toBe(401);
    expect((await server.call("POST", "/api/auth/refresh", { body: eve })).status).toBe(401);
    const body = { username: "Eve", password: PASSWORD };
    const logIn = await server.call("POST", "/api/auth/log-in", { body });
    expect(logIn.status).toBe(403);
    expect(readError(logIn)).toEqual({
      code: "BANNED",
      message: "cannot log in: the player is banned for ever: speed hack",
    });
    const guess = { body: { ...body, password: "wrong" } };
    expect((await server.call("POST", "/api/auth/log-in", guess)).status).toBe(401);
  });

  test("ends by itself, or by users.unban", async () => {
    await using server = await createTestServer();
    const staff = await register(server, "Moderator", "moderator");
    const eve = await register(server, "Eve");
    const logIn = () =>
      server.call("POST", "/api/auth/log-in", { body: { username: "Eve", password: PASSWORD } });
    await ban(server, staff, eve, { seconds: 60 });
    expect(readError(await logIn()).message).toMatch(/banned until 20\d\d-/);
    server.clock.advance(60_000);
    expect((await logIn()).status).toBe(200);
    await ban(server, staff, eve);
    expect((await logIn()).status).toBe(403);
    const path = `/api/users/${eve.player.id}/ban`;
    const lifted = await server.call("DELETE", path, { token: staff.accessToken });
    expect(lifted.body).toEqual({ unbanned: true });
    expect((await logIn()).status).toBe(200);
  });

  test("a login that began in the same moment is worth nothing", async () => {
    await using server = await createTestServer();
    const staff = await register(server, "Moderator", "moderator");
    const eve = await register(server, "Eve");
    await ban(server, staff, eve);
    const sql = "UPDATE sessions SET ended_at_ms = NULL, end_reason = NULL";
    await server.deps.database.client.execute(sql);
    const token = eve.accessToken;
    const me = await server.call("GET", "/api/players/me", { token });
    expect(readError(me).code).toBe("BANNED");
    const refresh = await server.call("POST", "/api/auth/refresh", { body: eve });
    expect(readError(refresh).code).toBe("BANNED");
  });

  test("security 1: nobody bans who stands as high, and players ban nobody", async () => {
    await using server = await createTestServer();
    const staff = await register(server, "Moderator", "moderator");
    const root = await register(server, "Root", "admin");
    const eve = await register(server, "Eve");
    for (const [by, whom] of [
      [staff, staff],
      [staff, root],
      [eve, staff],
    ] as const) {
      expect(readError(await ban(server, by, whom)).code).toBe("FORBIDDEN");
    }
    expect((await ban(server, root, staff)).status).toBe(200);
    const unknown = { ...eve, player: { ...eve.player, id: staff.player.id } };
    const path = `/api/users/${unknown.player.id.replace(/^.{8}/, "01900000")}/ban`;
    const answer = await server.call("DELETE", path, { token: root.accessToken });
    expect(answer.status).toBe(404);
  });
});

test("users.get shows a mute until it ends, and the groups that a player is in", async () => {
  await using server = await createTestServer();
  const staff = await register(server, "Moderator", "moderator");
  const eve = await register(server, "Eve");
  const mute = { reason: "spam", seconds: 60 };
  const path = `/api/chat/mutes/${eve.player.id}`;
  await server.call("PUT", path, { token: staff.accessToken, body: mute });
  const body = { kind: "guild", name: "Red Dragons" };
  await server.call("POST", "/api/groups", { token: eve.accessToken, body });
  const { accessToken: token } = staff;
  const get = () => server.call("GET", `/api/users/${eve.player.id}`, { token });
  expect((await get()).body).toMatchObject({
    mute: { reason: "spam", byPlayerId: staff.player.id },
    groups: [{ kind: "guild", name: "Red Dragons", role: "owner" }],
  });
  server.clock.advance(60_000);
  expect((await get()).body).toMatchObject({ mute: null });
  const sql = "SELECT player_id, data ->> 'reason' FROM events WHERE type = 'player.muted'";
  const { rows } = await server.deps.database.client.execute(sql);
  expect(rows.map((row) => [row[0], row[1]])).toEqual([[eve.player.id, "spam"]]);
});

describe("users.search and users.get", () => {
  test("find players by name, role and ban, in pages, for staff only", async () => {
    await using server = await createTestServer();
    const staff = await register(server, "Moderator", "moderator");
    const eve = await register(server, "Eve");
    const ada = await server.guest("Countess 50%_Ada");
    await ban(server, staff, eve, { seconds: 60 });
    const token = staff.accessToken;
    const find = async (query: string) => {
      const answer = await server.call("GET", `/api/users?${query}`, { token });
      const { users, nextCursor } = UserPage.parse(answer.body);
      return { names: users.map(({ displayName }) => displayName), nextCursor, users };
    };
    expect((await find("")).names).toEqual([ada.player.displayName, "Eve", "Moderator"]);
    expect((await find("query=eV")).names).toEqual(["Eve"]);
    expect((await find("query=50%25_a")).names).toEqual([ada.player.displayName]);
    expect((await find("query=%25%25")).names).toEqual([]);
    expect((await find(`query=${eve.player.id}`)).names).toEqual(["Eve"]);
    expect((await find("role=moderator")).names).toEqual(["Moderator"]);
    expect((await find("guest=true")).names).toEqual([ada.player.displayName]);
    expect((await find("banned=true")).users[0]?.ban).toMatchObject({ reason: "speed hack" });
    expect((await find("banned=false&guest=false")).names).toEqual(["Moderator"]);
    const first = await find("limit=2");
    expect(first.names).toHaveLength(2);
    const rest = await find(`limit=2&cursor=${first.nextCursor}`);
    expect(rest).toMatchObject({ names: ["Moderator"], nextCursor: null });
    server.clock.advance(60_000);
    expect((await find("banned=true")).names).toEqual([]);
    const refused = await server.call("GET", "/api/users", { token: ada.accessToken });
    expect(refused.status).toBe(403);
  });

  test("one player comes with its logins and places, and without secrets", async () => {
    await using server = await createTestServer();
    const staff = await register(server, "Moderator", "moderator");
    const eve = await register(server, "Eve");
    server.publishShard();
    const joined = await server.call("POST", "/api/worlds/arena/join", {
      token: eve.accessToken,
      body: {},
    });
    expect(joined.status).toBe(200);
    const path = `/api/users/${eve.player.id}`;
    const { body } = await server.call("GET", path, { token: staff.accessToken });
    expect(body).toEqual({
      ...eve.player,
      ban: null,
      logins: 1,
      ...{ hasSecondFactor: false, mute: null, groups: [] },
      providers: [],
      placements: [{ worldId: "arena", shardKey: "arena:1:eu-west-1" }],
    });
    const nobody = path.replace(eve.player.id, eve.player.id.replace(/^.{8}/, "01900000"));
    const answer = await server.call("GET", nobody, { token: staff.accessToken });
    expect(readError(answer).code).toBe("NOT_FOUND");
  });
});

describe("users.setRole", () => {
  test("gives and takes a role, and holds for the next call of the player", async () => {
    await using server = await createTestServer();
    const root = await register(server, "Root", "admin");
    const bob = await register(server, "Bob");
    const eve = await register(server, "Eve");
    expect((await setRole(server, bob, eve, "admin")).status).toBe(403);
    expect((await setRole(server, root, bob, "moderator")).body).toMatchObject({
      role: "moderator",
    });
    expect((await ban(server, bob, eve)).status).toBe(200);
    expect((await setRole(server, root, bob, "player")).status).toBe(200);
    expect((await ban(server, bob, eve)).status).toBe(403);
    const { rows } = await server.deps.database.client.execute("SELECT event FROM audit_log");
    expect(rows.map((row) => row[0])).toEqual([
      "player.role-changed",
      "player.banned",
      "player.role-changed",
    ]);
  });

  test("the last administrator stays one, and a guest becomes nothing", async () => {
    await using server = await createTestServer();
    const root = await register(server, "Root", "admin");
    const last = await setRole(server, root, root, "player");
    expect(readError(last).message).toContain("this is the only administrator");
    const guest = await server.guest();
    expect(readError(await setRole(server, root, guest, "moderator")).code).toBe("CONFLICT");
    const other = await register(server, "Other", "admin");
    expect((await setRole(server, root, other, "moderator")).status).toBe(200);
    const { rows } = await server.deps.database.client.execute("SELECT count(*) FROM audit_log");
    expect(rows[0]?.[0]).toBe(1);
  });
});
