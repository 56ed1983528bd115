import { expect, test } from "bun:test";
import { until } from "#shared/testing/until.ts";
import { createTestServer, readCredentials, type TestServer } from "../../testing/test-server.ts";
import { keepTokensTidy } from "./delete-expired-tokens.ts";
import { DEVICE_GUEST_IDLE_MS, deleteIdleGuests, GUEST_IDLE_MS } from "./delete-idle-guests.ts";

const DEVICE = "kX7pQ2mV9sL4tR8wB3nC6yF1hJ5dG0zA";
const ADA = { username: "Ada", password: "correct horse" };

async function post(server: TestServer, path: string, body: object) {
  return readCredentials(await server.call("POST", `/api/auth/${path}`, { body }));
}

async function playersLeft(server: TestServer): Promise<string[]> {
  const { rows } = await server.deps.database.client.execute(
    "SELECT display_name FROM players ORDER BY display_name",
  );
  return rows.map((row) => String(row[0]));
}

test("a guest who is not seen for 60 days goes, with all that is its own", async () => {
  await using server = await createTestServer();
  await server.guest("Gone");
  let stays = await server.guest("Stays");
  await post(server, "register", ADA);
  const leaver = await server.guest("Left");
  await server.call("POST", "/api/auth/log-out", { body: leaver });
  const aged = GUEST_IDLE_MS + 1;
  await server.deps.database.client.batch([
    `UPDATE players SET created_at_ms = created_at_ms - ${aged}`,
    `UPDATE sessions SET seen_at_ms = seen_at_ms - ${aged}`,
  ]);
  stays = await post(server, "refresh", stays);
  expect(await deleteIdleGuests(server.deps)).toBe(2);
  expect(await playersLeft(server)).toEqual(["Ada", "Stays"]);
  const token = stays.accessToken;
  expect((await server.call("GET", "/api/players/me", { token })).status).toBe(200);
  const { rows } = await server.deps.database.client.execute(
    "SELECT count(*) FROM sessions WHERE player_id NOT IN (SELECT id FROM players)",
  );
  expect(rows[0]?.[0]).toBe(0);
  expect(await deleteIdleGuests(server.deps)).toBe(0);
});

test("one whose device can bring it back stays for a year, and is the same then", async () => {
  await using server = await createTestServer();
  const { client } = server.deps.database;
  const body = { deviceKey: DEVICE, displayName: "Device" };
  /** As if so much more time had passed since. */
  async function age(byMs: number): Promise<void> {
    const sets = [
      "players SET created_at_ms = created_at_ms - ?",
      "sessions SET seen_at_ms = seen_at_ms - ?",
      "identities SET used_at_ms = used_at_ms - ?",
    ];
    await client.batch(sets.map((set) => ({ sql: `UPDATE ${set}`, args: [byMs] })));
  }
  const first = await post(server, "log-in-device", body);
  await age(DEVICE_GUEST_IDLE_MS - 1);
  expect(await deleteIdleGuests(server.deps)).toBe(0);
  expect((await post(server, "log-in-device", body)).player.id).toBe(first.player.id);
  await age(DEVICE_GUEST_IDLE_MS + 1);
  expect(await deleteIdleGuests(server.deps)).toBe(1);
  expect((await post(server, "log-in-device", body)).player.id).not.toBe(first.player.id);
});

test("one who was upgraded stays, and so does one who is banned", async () => {
  await using server = await createTestServer();
  const upgraded = await server.guest("Upgraded");
  const token = upgraded.accessToken;
  await server.call("POST", "/api/auth/upgrade", { token, body: ADA });
  const banned = await server.guest("Banned");
  await server.deps.database.client.execute({
    sql: "INSERT INTO bans VALUES (?, 'reason', ?, 1, NULL)",
    args: [banned.player.id, upgraded.player.id],
  });
  await server.deps.database.client.batch([
    "UPDATE players SET created_at_ms = 1",
    "UPDATE sessions SET seen_at_ms = 1",
  ]);
  expect(await deleteIdleGuests(server.deps)).toBe(0);
  expect(await playersLeft(server)).toEqual(["Banned", "Upgraded"]);
});

test("a server deletes none in its first hour, and then does so by itself", async () => {
  await using server = await createTestServer();
  await server.guest("Gone");
  const { client } = server.deps.database;
  await client.batch([
    "UPDATE players SET created_at_ms = 1",
    "UPDATE sessions SET seen_at_ms = 1",
  ]);
  const stop = keepTokensTidy(server.deps);
  server.clock.advance(60 * 60 * 1_000 - 1);
  await client.execute("SELECT 1");
  expect(await playersLeft(server)).toEqual(["Gone"]);
  server.clock.advance(1);
  await until("the deletion", async () => (await playersLeft(server)).length === 0);
  stop();
});

test("of many, all go", async () => {
  await using server = await createTestServer();
  await server.deps.database.client.execute(
    `INSERT INTO players (id, display_name, created_at_ms)
     SELECT 'guest ' || value, 'Guest', 1 FROM generate_series(1, 1001)`,
  );
  expect(await deleteIdleGuests(server.deps)).toBe(1_001);
});
