import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import { AppError } from "#shared/model/errors.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { createTestServer, readCredentials, readError } from "../../testing/test-server.ts";

const ADA = { username: "Ada", password: "correct horse" };

describe("auth.register", () => {
  test("makes a player who is logged in", async () => {
    await using server = await createTestServer();
    const { player, accessToken } = readCredentials(
      await server.call("POST", "/api/auth/register", { body: ADA }),
    );
    expect(player).toMatchObject({ username: "Ada", displayName: "Ada", guest: false });
    const me = await server.call("GET", "/api/players/me", { token: accessToken });
    expect(me.body).toEqual(player);
  });

  test("a name is taken whatever its case, also by two at once", async () => {
    await using server = await createTestServer();
    const answers = await Promise.all(
      ["Ada", "ADA", "ada"].map((username) =>
        server.call("POST", "/api/auth/register", { body: { ...ADA, username } }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
    const refused = answers.find((answer) => answer.status === 409);
    expect(refused && readError(refused).message).toMatch(
      /^cannot register "ada": the name is taken; choose another one$/i,
    );
  });

  test("security 1: what nobody asked for is stripped", async () => {
    await using server = await createTestServer();
    const body = { ...ADA, role: "admin", guest: true, id: "mine", __proto__: { role: "admin" } };
    const { player } = readCredentials(
      await server.call("POST", "/api/auth/register", { body: JSON.stringify(body) }),
    );
    expect(player).toMatchObject({ role: "player", guest: false });
    expect(player.id).not.toBe("mine");
  });

  test("security 3: keeps an argon2id hash and never the password", async () => {
    await using server = await createTestServer();
    await server.call("POST", "/api/auth/register", { body: ADA });
    const { rows } = await server.deps.database.client.execute("SELECT * FROM players");
    expect(rows[0]?.password_hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
    expect(JSON.stringify(rows)).not.toContain(ADA.password);
    expect(server.log.join("\n")).not.toContain(ADA.password);
  });
});

describe("auth.logIn", () => {
  test("takes the name in any case", async () => {
    await using server = await createTestServer();
    const { player } = readCredentials(
      await server.call("POST", "/api/auth/register", { body: ADA }),
    );
    const again = await server.call("POST", "/api/auth/log-in", {
      body: { ...ADA, username: "aDA" },
    });
    expect(readCredentials(again).player).toEqual(player);
  });

  test("security 3: an unknown name and a wrong password cannot be told apart", async () => {
    await using server = await createTestServer();
    await server.call("POST", "/api/auth/register", { body: ADA });
    let verified = 0;
    const { verify } = server.deps.passwords;
    server.deps.passwords.verify = (password, hash) => {
      verified += 1;
      return verify(password, hash);
    };
    const wrong = await server.call("POST", "/api/auth/log-in", {
      body: { ...ADA, password: "wrong" },
    });
    const unknown = await server.call("POST", "/api/auth/log-in", {
      body: { ...ADA, username: "nobody" },
    });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual(unknown.body);
    expect(readError(wrong).message).toBe("cannot log in: the username or the password is wrong");
    expect(verified).toBe(2);
  });

  test("an attempt whose password nobody looked at is no failure", async () => {
    await using server = await createTestServer();
    await server.call("POST", "/api/auth/register", { body: ADA });
    const busy = new AppError("BUSY", "cannot check the password now");
    const { verify } = server.deps.passwords;
    server.deps.passwords.verify = () => Promise.reject(busy);
    for (let attempts = 0; attempts < 8; attempts++) {
      const answer = await server.call("POST", "/api/auth/log-in", { body: ADA });
      expect(readError(answer).code).toBe("BUSY");
    }
    server.deps.passwords.verify = verify;
    expect((await server.call("POST", "/api/auth/log-in", { body: ADA })).status).toBe(200);
  });

  test("security 3: after five failures each attempt waits longer, for that address", async () => {
    await using server = await createTestServer();
    await server.call("POST", "/api/auth/register", { body: ADA });
    const logIn = (password: string, address: string) =>
      server.call("POST", "/api/auth/log-in", {
        body: { ...ADA, password },
        headers: { "x-test-address": address },
      });
    for (let failures = 0; failures < 5; failures++) {
      expect((await logIn("wrong", "10.0.0.1")).status).toBe(401);
    }
    const slowed = await logIn(ADA.password, "10.0.0.1");
    expect(slowed.status).toBe(429);
    expect(slowed.headers.get("retry-after")).toBe("1");
    expect(readError(slowed).message).toContain("try again in 1 s");
    expect((await logIn(ADA.password, "10.0.0.2")).status).toBe(200);
    server.clock.advance(1_000);
    expect((await logIn("wrong", "10.0.0.1")).status).toBe(401);
    expect((await logIn("wrong", "10.0.0.1")).headers.get("retry-after")).toBe("2");
    server.clock.advance(2_000);
    expect((await logIn(ADA.password, "10.0.0.1")).status).toBe(200);
    expect((await logIn("wrong", "10.0.0.1")).status).toBe(401);
  });
});

describe("auth.guest", () => {
  test("plays without an account, under a name of choice or a given one", async () => {
    await using server = await createTestServer();
    const named = await server.guest("Grace");
    expect(named.player).toMatchObject({ username: null, displayName: "Grace", guest: true });
    const unnamed = readCredentials(await server.call("POST", "/api/auth/guest"));
    expect(unnamed.player.displayName).toMatch(/^Guest \d{4}$/);
  });
});

describe("auth.refresh", () => {
  test("each token works once and gives the next pair", async () => {
    await using server = await createTestServer();
    const first = await server.guest();
    const second = readCredentials(await server.call("POST", "/api/auth/refresh", { body: first }));
    expect(second.player).toEqual(first.player);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const third = await server.call("POST", "/api/auth/refresh", { body: second });
    expect(third.status).toBe(200);
  });

  test("a token used twice ends its login and the game session, and no other", async () => {
    await using server = await createTestServer();
    const revoked: string[] = [];
    server.hub.subscribe(TOPIC_SESSIONS, ({ payload }) => {
      if (payload.case === "sessionsRevoked") revoked.push(payload.value.playerId);
    });
    const other = await server.guest();
    const first = await server.guest();
    const second = readCredentials(await server.call("POST", "/api/auth/refresh", { body: first }));
    const reused = await server.call("POST", "/api/auth/refresh", { body: first });
    expect(reused.status).toBe(401);
    expect(readError(reused).code).toBe("TOKEN_REUSED");
    expect(revoked).toEqual([first.player.id]);
    const successor = await server.call("POST", "/api/auth/refresh", { body: second });
    expect(readError(successor).code).toBe("TOKEN_EXPIRED");
    const access = await server.call("GET", "/api/players/me", { token: second.accessToken });
    expect(access.status).toBe(401);
    expect((await server.call("POST", "/api/auth/refresh", { body: other })).status).toBe(200);
  });

  test("of many at once with one token, one wins and the login ends", async () => {
    await using server = await createTestServer();
    const first = await server.guest();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.call("POST", "/api/auth/refresh", { body: first })),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  test("is stored as a hash", async () => {
    await using server = await createTestServer();
    const { refreshToken } = await server.guest();
    const { rows } = await server.deps.database.client.execute("SELECT * FROM refresh_tokens");
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
  });

  test("expires after 60 days", async () => {
    using folder = createTempDir();
    const place = join(folder.path, "control.db");
    const clock = new FakeClock();
    await using server = await createTestServer({ place, clock });
    const { refreshToken } = await server.guest();
    await server.deps.database.close();
    const days = 60 * 24 * 3600 * 1000;
    const laterClock = new FakeClock({ wallStartMs: clock.wallMs() + days });
    await using later = await createTestServer({ place, clock: laterClock });
    const late = await later.call("POST", "/api/auth/refresh", { body: { refreshToken } });
    expect(readError(late)).toEqual({
      code: "TOKEN_EXPIRED",
      message: "cannot refresh: the token has expired; log in again",
    });
  });
});

describe("auth.logOut", () => {
  test("ends access and refresh at once and tells the shards", async () => {
    await using server = await createTestServer();
    const revoked: string[] = [];
    server.hub.subscribe(TOPIC_SESSIONS, ({ payload }) => {
      if (payload.case === "sessionsRevoked") revoked.push(payload.value.playerId);
    });
    const credentials = await server.guest();
    const out = await server.call("POST", "/api/auth/log-out", { body: credentials });
    expect(out.body).toEqual({ loggedOut: true });
    expect(revoked).toEqual([credentials.player.id]);
    const token = credentials.accessToken;
    expect((await server.call("GET", "/api/players/me", { token })).status).toBe(401);
    const refresh = await server.call("POST", "/api/auth/refresh", { body: credentials });
    expect(refresh.status).toBe(401);
  });

  test("says the same about a token that nobody knows", async () => {
    await using server = await createTestServer();
    const out = await server.call("POST", "/api/auth/log-out", { body: { refreshToken: "x" } });
    expect(out.body).toEqual({ loggedOut: true });
  });
});

test("security 2: logins and keys survive a restart", async () => {
  using folder = createTempDir();
  const place = join(folder.path, "control.db");
  await using server = await createTestServer({ place });
  const credentials = await server.guest();
  await server.deps.database.close();
  await using again = await createTestServer({ place });
  const me = await again.call("GET", "/api/players/me", { token: credentials.accessToken });
  expect(me.body).toEqual(credentials.player);
});
