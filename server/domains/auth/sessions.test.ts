import { describe, expect, test } from "bun:test";
import { TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import { SessionList } from "#shared/model/auth.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../testing/test-server.ts";

const ADA = { username: "Ada", password: "correct horse" };
const NEW_PASSWORD = "battery staple";

/** Ids of the logins whose end the shards were told, in order. */
function listenForEnds(server: TestServer): string[] {
  const told: string[] = [];
  server.hub.subscribe(TOPIC_SESSIONS, ({ payload }) => {
    if (payload.case === "sessionsRevoked") told.push(payload.value.loginId);
  });
  return told;
}

async function register(server: TestServer) {
  return readCredentials(await server.call("POST", "/api/auth/register", { body: ADA }));
}

async function logIn(server: TestServer, device = "", password = ADA.password) {
  const headers = { "user-agent": device };
  const body = { ...ADA, password };
  return readCredentials(await server.call("POST", "/api/auth/log-in", { body, headers }));
}

async function listSessions(server: TestServer, token: string) {
  const answer = await server.call("GET", "/api/auth/sessions", { token });
  return SessionList.parse(answer.body).sessions;
}

async function isIn(server: TestServer, token: string): Promise<boolean> {
  return (await server.call("GET", "/api/players/me", { token })).status === 200;
}

describe("auth.listSessions", () => {
  test("shows where the player is logged in, the newest first", async () => {
    await using server = await createTestServer();
    await register(server);
    server.clock.advance(60_000);
    const { accessToken: token } = await logIn(server, "Telephone 4");
    const [newest, oldest, ...more] = await listSessions(server, token);
    expect(newest).toMatchObject({ device: "Telephone 4", current: true });
    expect(oldest).toMatchObject({ device: "", current: false });
    expect(more).toEqual([]);
    expect(Date.parse(newest?.seenAt ?? "") - Date.parse(oldest?.seenAt ?? "")).toBe(60_000);
  });

  test("a refresh is a sign of life", async () => {
    await using server = await createTestServer();
    const first = await register(server);
    server.clock.advance(60_000);
    const { accessToken: token } = readCredentials(
      await server.call("POST", "/api/auth/refresh", { body: first }),
    );
    const [session] = await listSessions(server, token);
    expect(Date.parse(session?.seenAt ?? "") - Date.parse(session?.createdAt ?? "")).toBe(60_000);
  });
});

describe("auth.endSession", () => {
  test("ends one login and tells the shards which; the others stay", async () => {
    await using server = await createTestServer();
    const lost = await register(server);
    const { accessToken: token } = await logIn(server);
    const told = listenForEnds(server);
    const gone = (await listSessions(server, token)).find(({ current }) => !current);
    const path = `/api/auth/sessions/${gone?.id}`;
    expect((await server.call("DELETE", path, { token })).status).toBe(200);
    expect(await isIn(server, lost.accessToken)).toBe(false);
    expect(await isIn(server, token)).toBe(true);
    expect(told).toEqual([gone?.id ?? ""]);
    expect((await server.call("DELETE", path, { token })).status).toBe(404);
  });

  test("security 1: another player's login is NOT_FOUND and goes on", async () => {
    await using server = await createTestServer();
    const [ada, eve] = [await server.guest("Ada"), await server.guest("Eve")];
    const [own] = await listSessions(server, ada.accessToken);
    const path = `/api/auth/sessions/${own?.id}`;
    const answer = await server.call("DELETE", path, { token: eve.accessToken });
    expect(answer.status).toBe(404);
    expect(readError(answer).code).toBe("NOT_FOUND");
    expect(await isIn(server, ada.accessToken)).toBe(true);
  });
});

test("auth.logOutEverywhere ends all logins of the player and nobody else's", async () => {
  await using server = await createTestServer();
  const logins = [await register(server), await logIn(server), await logIn(server)];
  const other = await server.guest();
  const told = listenForEnds(server);
  const token = logins[1]?.accessToken ?? "";
  const answer = await server.call("POST", "/api/auth/log-out-everywhere", { token });
  expect(answer.body).toEqual({ loggedOut: true });
  for (const { accessToken } of logins) expect(await isIn(server, accessToken)).toBe(false);
  expect(await isIn(server, other.accessToken)).toBe(true);
  expect(new Set(told).size).toBe(3);
});

describe("auth.changePassword", () => {
  const change = (server: TestServer, token: string, currentPassword = ADA.password) =>
    server.call("POST", "/api/auth/change-password", {
      token,
      body: { currentPassword, newPassword: NEW_PASSWORD },
    });

  test("security 2: ends every login and gives the caller a new one", async () => {
    await using server = await createTestServer();
    const stolen = await register(server);
    const own = await logIn(server);
    const told = listenForEnds(server);
    const fresh = readCredentials(await change(server, own.accessToken));
    for (const { accessToken, refreshToken } of [stolen, own]) {
      expect(await isIn(server, accessToken)).toBe(false);
      const body = { refreshToken };
      expect((await server.call("POST", "/api/auth/refresh", { body })).status).toBe(401);
    }
    expect(await isIn(server, fresh.accessToken)).toBe(true);
    expect(told).toHaveLength(2);
    expect((await server.call("POST", "/api/auth/log-in", { body: ADA })).status).toBe(401);
    expect((await logIn(server, "", NEW_PASSWORD)).player).toEqual(own.player);
    const { rows } = await server.deps.database.client.execute("SELECT event FROM audit_log");
    expect(rows.map((row) => row[0])).toEqual(["player.password-changed"]);
  });

  test("wants the current password, and slows guesses down", async () => {
    await using server = await createTestServer();
    const { accessToken } = await register(server);
    for (let guesses = 0; guesses < 5; guesses++) {
      const answer = await change(server, accessToken, "wrong");
      expect(readError(answer).code).toBe("CREDENTIALS_WRONG");
    }
    expect(readError(await change(server, accessToken)).code).toBe("TOO_MANY_ATTEMPTS");
    expect(await isIn(server, accessToken)).toBe(true);
  });

  test("a guest has none to change", async () => {
    await using server = await createTestServer();
    const { accessToken } = await server.guest();
    const answer = await change(server, accessToken);
    expect(answer.status).toBe(409);
    expect(readError(answer).message).toContain("use auth.upgrade");
  });

  test("a login with the old password at the same time does not outlive it", async () => {
    await using server = await createTestServer();
    const { accessToken } = await register(server);
    const { verify } = server.deps.passwords;
    const verified = Promise.withResolvers<void>();
    const changed = Promise.withResolvers<void>();
    server.deps.passwords.verify = async (password, hash) => {
      const matches = await verify(password, hash);
      verified.resolve();
      await changed.promise;
      return matches;
    };
    const late = server.call("POST", "/api/auth/log-in", { body: ADA });
    await verified.promise;
    server.deps.passwords.verify = verify;
    await change(server, accessToken);
    changed.resolve();
    expect((await late).status).toBe(401);
  });
});

test("security 2: a reused refresh token ends its family, and is audited", async () => {
  await using server = await createTestServer();
  const first = await server.guest();
  const second = readCredentials(await server.call("POST", "/api/auth/refresh", { body: first }));
  const [session] = await listSessions(server, second.accessToken);
  const told = listenForEnds(server);
  const reused = await server.call("POST", "/api/auth/refresh", { body: first });
  expect(readError(reused).code).toBe("TOKEN_REUSED");
  expect(await isIn(server, second.accessToken)).toBe(false);
  expect(told).toEqual([session?.id ?? ""]);
  const { rows } = await server.deps.database.client.execute(
    "SELECT event, target_id, details FROM audit_log",
  );
  expect(rows.map((row) => [row[0], row[1], row[2]])).toEqual([
    ["session.token-reused", first.player.id, JSON.stringify({ session: session?.id })],
  ]);
});
