import { describe, expect, test } from "bun:test";
import { Secret, TOTP } from "otpauth";
import { BegunTotp, ConfirmedTotp } from "#shared/model/auth.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../testing/test-server.ts";

const ADA = { username: "Ada", password: "correct horse" };
const STEP_MS = 30_000;

/** An account with a second factor; `code` is what its telephone shows now. */
async function setUp(server: TestServer) {
  const login = readCredentials(await server.call("POST", "/api/auth/register", { body: ADA }));
  const token = login.accessToken;
  const body = { password: ADA.password };
  const begun = await server.call("POST", "/api/auth/totp", { token, body });
  const { secret, uri } = BegunTotp.parse(begun.body);
  const telephone = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = () => telephone.generate({ timestamp: server.clock.wallMs() });
  const confirmed = await server.call("POST", "/api/auth/totp/confirm", {
    token,
    body: { code: code() },
  });
  const { recoveryCodes } = ConfirmedTotp.parse(confirmed.body);
  return { login, token, secret, uri, code, recoveryCodes };
}

const logIn = (server: TestServer, code?: string, address = "10.0.0.1") =>
  server.call("POST", "/api/auth/log-in", {
    body: { ...ADA, ...(code !== undefined && { code }) },
    headers: { "x-test-address": address },
  });

async function makeAdmin(server: TestServer): Promise<void> {
  await server.deps.database.client.execute("UPDATE players SET role = 'admin'");
}

describe("a second factor", () => {
  test("is asked for after the right password, and told of to nobody else", async () => {
    await using server = await createTestServer();
    const { uri, code } = await setUp(server);
    expect(uri).toStartWith("otpauth://totp/Tessera:Ada?");
    expect(readError(await logIn(server)).code).toBe("SECOND_FACTOR_REQUIRED");
    const wrong = { ...ADA, password: "wrong" };
    const guess = await server.call("POST", "/api/auth/log-in", { body: wrong });
    expect(readError(guess).code).toBe("CREDENTIALS_WRONG");
    server.clock.advance(STEP_MS);
    expect((await logIn(server, code())).status).toBe(200);
  });

  test("a code is good once, also for many at once, and an older one is not any more", async () => {
    await using server = await createTestServer();
    const { code } = await setUp(server);
    expect(readError(await logIn(server, code())).code).toBe("SECOND_FACTOR_WRONG");
    const before = code();
    server.clock.advance(STEP_MS);
    const answers = await Promise.all([1, 2, 3].map(() => logIn(server, code())));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await logIn(server, before)).status).toBe(401);
  });

  test("guesses are slowed down, wherever they come from", async () => {
    await using server = await createTestServer();
    const { code } = await setUp(server);
    server.clock.advance(STEP_MS);
    for (let guesses = 0; guesses < 5; guesses++) {
      const answer = await logIn(server, "000000", `10.0.0.${guesses + 1}`);
      expect(readError(answer).code).toBe("SECOND_FACTOR_WRONG");
    }
    const slowed = await logIn(server, code(), "10.0.0.9");
    expect(slowed.status).toBe(429);
    expect(slowed.headers.get("retry-after")).toBe("1");
  });

  test("a recovery code stands in for the telephone, once", async () => {
    await using server = await createTestServer();
    const { recoveryCodes } = await setUp(server);
    const [first = "", second = ""] = recoveryCodes;
    expect(new Set(recoveryCodes).size).toBe(10);
    expect((await logIn(server, first)).status).toBe(200);
    expect((await logIn(server, first)).status).toBe(401);
    expect((await logIn(server, second.toUpperCase().replace("-", " "))).status).toBe(200);
    const { rows } = await server.deps.database.client.execute("SELECT * FROM recovery_codes");
    expect(rows).toHaveLength(8);
    expect(JSON.stringify(rows)).not.toContain(recoveryCodes[2]);
  });

  test("is not asked for before it is confirmed, and can be begun anew", async () => {
    await using server = await createTestServer();
    const login = readCredentials(await server.call("POST", "/api/auth/register", { body: ADA }));
    const token = login.accessToken;
    const body = { password: ADA.password };
    const begin = () => server.call("POST", "/api/auth/totp", { token, body });
    const first = BegunTotp.parse((await begin()).body);
    expect(BegunTotp.parse((await begin()).body).secret).not.toBe(first.secret);
    const wrong = { token, body: { code: "000000" } };
    const answer = await server.call("POST", "/api/auth/totp/confirm", wrong);
    expect(readError(answer).code).toBe("SECOND_FACTOR_WRONG");
    expect((await logIn(server)).status).toBe(200);
  });

  test("goes with password and code, and not while it counts by a new secret", async () => {
    await using server = await createTestServer();
    const { token, code } = await setUp(server);
    const begun = await server.call("POST", "/api/auth/totp", {
      token,
      body: { password: ADA.password },
    });
    expect(readError(begun).code).toBe("CONFLICT");
    server.clock.advance(STEP_MS);
    const disable = (given: string) =>
      server.call("POST", "/api/auth/totp/disable", {
        token,
        body: { password: ADA.password, code: given },
      });
    expect((await disable("000000")).status).toBe(401);
    expect((await disable(code())).body).toEqual({ disabled: true });
    expect((await logIn(server)).status).toBe(200);
    const { rows } = await server.deps.database.client.execute("SELECT event FROM audit_log");
    expect(rows.map((row) => row[0])).toEqual([
      "player.second-factor-set",
      "player.second-factor-gone",
    ]);
  });
});

describe("staff", () => {
  const list = (server: TestServer, token: string) => server.call("GET", "/api/leases", { token });

  test("who has a second factor needs it for what only staff may do", async () => {
    await using server = await createTestServer();
    const { token } = await setUp(server);
    await makeAdmin(server);
    expect((await list(server, token)).status).toBe(200);
    const deviceKey = "kX7pQ2mV9sL4tR8wB3nC6yF1hJ5dG0zA";
    await server.call("POST", "/api/auth/devices", { token, body: { deviceKey } });
    const device = readCredentials(
      await server.call("POST", "/api/auth/log-in-device", { body: { deviceKey } }),
    );
    const refused = await list(server, device.accessToken);
    expect(readError(refused).message).toContain("log in with `code`");
    const me = await server.call("GET", "/api/players/me", { token: device.accessToken });
    expect(me.status).toBe(200);
  });

  test("where it is required, staff without one can only set one up", async () => {
    await using server = await createTestServer({ staffTotp: "required" });
    const login = readCredentials(await server.call("POST", "/api/auth/register", { body: ADA }));
    await makeAdmin(server);
    const refused = await list(server, login.accessToken);
    expect(refused.status).toBe(403);
    expect(readError(refused).message).toContain("set one up with auth.beginTotp");
    await server.deps.database.client.execute("DELETE FROM sessions");
    await server.deps.database.client.execute("UPDATE players SET username_key = 'other'");
    const { token } = await setUp(server);
    await makeAdmin(server);
    expect((await list(server, token)).status).toBe(200);
  });
});
