import { expect, test } from "bun:test";
import { join } from "node:path";
import { decodeProtectedHeader } from "jose";
import { KeyList } from "#shared/model/auth.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../testing/test-server.ts";
import { KEY_LEAD_MS, KEY_TAIL_MS } from "./signing-keys.ts";

const ROOT = { username: "Root", password: "correct horse" };

/** An administrator's access token, new with each call. */
async function logIn(server: TestServer): Promise<string> {
  const logIn = await server.call("POST", "/api/auth/log-in", { body: ROOT });
  if (logIn.status === 200) return readCredentials(logIn).accessToken;
  const login = readCredentials(await server.call("POST", "/api/auth/register", { body: ROOT }));
  await server.deps.database.client.execute("UPDATE players SET role = 'admin'");
  return login.accessToken;
}

async function rotate(server: TestServer, body: object = {}) {
  const answer = await server.call("POST", "/api/auth/keys", { token: await logIn(server), body });
  return answer.status === 200 ? KeyList.parse(answer.body).keys : readError(answer).code;
}

async function publishedKeys(server: TestServer): Promise<string[]> {
  const { body } = await server.call("GET", "/.well-known/jwks.json");
  expect(JSON.stringify(body)).not.toContain('"d"');
  return [...JSON.stringify(body).matchAll(/"kid":"([^"]+)"/g)].map(([, kid = ""]) => kid);
}

const keyOf = (token: string) => decodeProtectedHeader(token).kid ?? "";
const isIn = async (server: TestServer, token: string) =>
  (await server.call("GET", "/api/players/me", { token })).status === 200;

test("security 2: a rotation has two keys live, and no token becomes worthless by it", async () => {
  await using server = await createTestServer();
  const before = await logIn(server);
  const rotated = await rotate(server);
  const [next, last] = typeof rotated === "string" ? [] : rotated;
  expect(last?.id).toBe(keyOf(before));
  expect(await publishedKeys(server)).toEqual([next?.id ?? "", keyOf(before)]);
  expect(keyOf(await logIn(server))).toBe(keyOf(before));
  expect(await rotate(server)).toBe("CONFLICT");
  server.clock.advance(KEY_LEAD_MS);
  const after = await logIn(server);
  expect(keyOf(after)).toBe(next?.id ?? "");
  expect(await isIn(server, before)).toBe(true);
  server.clock.advance(KEY_TAIL_MS);
  expect(await publishedKeys(server)).toEqual([next?.id ?? ""]);
  expect(await isIn(server, before)).toBe(false);
  expect(await rotate(server)).toHaveLength(2);
});

test("security 2: a key that leaked is worth nothing at once; refresh tokens are", async () => {
  await using server = await createTestServer();
  await logIn(server);
  const { accessToken, refreshToken } = await server.guest();
  expect(await isIn(server, accessToken)).toBe(true);
  expect(await rotate(server, { atOnce: true })).toHaveLength(1);
  expect(await publishedKeys(server)).not.toContain(keyOf(accessToken));
  expect(await isIn(server, accessToken)).toBe(false);
  const body = { refreshToken };
  const fresh = readCredentials(await server.call("POST", "/api/auth/refresh", { body }));
  expect(await isIn(server, fresh.accessToken)).toBe(true);
  const { rows } = await server.deps.database.client.execute("SELECT event FROM audit_log");
  expect(rows.map((row) => row[0])).toEqual(["deployment.keys-rotated"]);
});

test("security 2: a restart in the middle of a rotation keeps both keys", async () => {
  using folder = createTempDir();
  const place = join(folder.path, "control.db");
  const clock = new FakeClock();
  await using server = await createTestServer({ place, clock });
  const token = await logIn(server);
  await rotate(server);
  const published = await publishedKeys(server);
  await server.deps.database.close();
  const later = new FakeClock({ wallStartMs: clock.wallMs() + KEY_LEAD_MS });
  await using again = await createTestServer({ place, clock: later });
  expect(await publishedKeys(again)).toEqual(published);
  expect(await isIn(again, token)).toBe(true);
  expect(keyOf(await logIn(again))).not.toBe(keyOf(token));
});

test("another server's rotation is learned of", async () => {
  await using server = await createTestServer();
  const token = await logIn(server);
  const sql = "UPDATE signing_keys SET retired_at_ms = ?";
  await server.deps.database.client.execute({ sql, args: [server.clock.wallMs() + 60_000] });
  server.clock.advance(61_000);
  expect(await isIn(server, token)).toBe(false);
});
