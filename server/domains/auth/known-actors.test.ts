import { describe, expect, test } from "bun:test";
import { createTestServer, type TestServer } from "../../testing/test-server.ts";
import { createAuthenticator } from "./create-authenticator.ts";
import { CHANGES_ASKED_MS, KnownActors } from "./known-actors.ts";

type Row = Record<"playerId" | "sessionId", string>;

/** A guest who has called before, so that it is remembered. */
async function callOnce(server: TestServer) {
  const { accessToken: token } = await server.guest("Ada");
  const actor = await server.deps.authenticate(token);
  expect(await server.deps.authenticate(token)).toBe(actor);
  return { token, actor };
}

const BAN = "INSERT INTO bans VALUES (:playerId, 'cheats', :playerId, 1, NULL)";
const TOTP = "INSERT INTO totp_secrets VALUES (:playerId, printf('%032d', 0), 1, 0)";

/** What a change makes of the next call, whoever writes it. */
const changes: readonly (readonly [string, readonly string[], object | string])[] = [
  [
    "a login that ends",
    ["UPDATE sessions SET ended_at_ms = 2, end_reason = 'logged out' WHERE id = :sessionId"],
    "UNAUTHORIZED",
  ],
  ["a login that is deleted", ["DELETE FROM sessions WHERE id = :sessionId"], "UNAUTHORIZED"],
  ["a player who is deleted", ["DELETE FROM players WHERE id = :playerId"], "UNAUTHORIZED"],
  ["a ban", [BAN], "BANNED"],
  [
    "a role",
    [
      "UPDATE players SET role = 'moderator', guest = 0, username = 'ada', username_key = 'ada', " +
        "password_hash = 'x' WHERE id = :playerId",
    ],
    { role: "moderator" },
  ],
  [
    "a name",
    ["UPDATE players SET display_name = 'Grace' WHERE id = :playerId"],
    { displayName: "Grace" },
  ],
  [
    "a second factor shown",
    ["UPDATE sessions SET second_factor = 1 WHERE id = :sessionId"],
    { secondFactor: true },
  ],
  ["a second factor set up", [TOTP], { hasSecondFactor: true }],
  [
    "a second factor confirmed",
    [
      TOTP.replace(", 1, 0)", ", NULL, 0)"),
      "UPDATE totp_secrets SET confirmed_at_ms = 1 WHERE player_id = :playerId",
    ],
    { hasSecondFactor: true },
  ],
  [
    "a second factor taken away",
    [TOTP, "DELETE FROM totp_secrets WHERE player_id = :playerId"],
    { hasSecondFactor: false },
  ],
  ["a ban lifted", [BAN, "DELETE FROM bans WHERE player_id = :playerId"], { role: "player" }],
];

/** What becomes of a call: the actor, or the code of the refusal. */
async function outcome(server: TestServer, token: string): Promise<unknown> {
  return await server.deps.authenticate(token).catch(({ code }) => code);
}

describe("security 2: what is remembered of callers", () => {
  test.each(changes)("%s holds from its commit on", async (_, statements, expected) => {
    await using server = await createTestServer();
    const { token, actor } = await callOnce(server);
    const args: Row = { playerId: actor.playerId, sessionId: actor.sessionId };
    for (const sql of statements) {
      await server.deps.database.client.execute({ sql, args });
      const seen = await outcome(server, token);
      if (sql !== statements.at(-1)) continue;
      if (typeof expected === "string") expect(seen).toBe(expected);
      else expect(seen).toMatchObject(expected);
    }
  });

  test("others go on being remembered, and a second login is not the first", async () => {
    await using server = await createTestServer();
    const [one, two] = [await callOnce(server), await callOnce(server)];
    const ended = "UPDATE sessions SET ended_at_ms = 2, end_reason = 'logged out' WHERE id = ?";
    await server.deps.database.client.execute({ sql: ended, args: [one.actor.sessionId] });
    expect(await outcome(server, one.token)).toBe("UNAUTHORIZED");
    expect(await outcome(server, two.token)).toBe(two.actor);
  });

  test(`what another process changed is known ${CHANGES_ASKED_MS} ms later`, async () => {
    await using server = await createTestServer();
    const { clock, tokens } = server.deps;
    const { token, actor } = await callOnce(server);
    const database = { ...server.deps.database, writes: () => 0 };
    const { authenticate } = createAuthenticator({ database, tokens, clock });
    expect(await authenticate(token)).toEqual(actor);
    const sql = "UPDATE sessions SET ended_at_ms = 2, end_reason = 'banned' WHERE id = ?";
    await database.client.execute({ sql, args: [actor.sessionId] });
    server.clock.advance(CHANGES_ASKED_MS);
    await expect(authenticate(token)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });
});

const renamed = "UPDATE players SET display_name = 'Grace' WHERE id = ?";

test("what was read before a change is not remembered after it", async () => {
  await using server = await createTestServer();
  const { actor } = await callOnce(server);
  const { database, clock } = server.deps;
  const known = new KnownActors({ database, clock });
  await known.forgetChanged();
  const { generation } = known;
  await database.client.execute({ sql: renamed, args: [actor.playerId] });
  await known.forgetChanged();
  known.add(actor, generation);
  expect(known.find(actor)).toBeUndefined();
  known.add(actor, known.generation);
  expect(known.find(actor)).toBe(actor);
});

test("more changes than are read at once, or another list, make everybody forgotten", async () => {
  await using server = await createTestServer();
  const { actor } = await callOnce(server);
  const { database, clock } = server.deps;
  const known = new KnownActors({ database, clock });
  await known.forgetChanged();
  const remember = () => known.add(actor, known.generation);
  const many =
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 1500) " +
    "INSERT INTO actor_changes (player_id) SELECT 'somebody' FROM n";
  remember();
  await database.client.execute(many);
  await known.forgetChanged();
  expect(known.find(actor)).toBeUndefined();
  remember();
  await known.forgetChanged();
  expect(known.find(actor)).toBe(actor);
  await database.client.execute("DELETE FROM actor_changes WHERE number > 3");
  await known.forgetChanged();
  expect(known.find(actor)).toBeUndefined();
});

test("the list keeps its newest 10,000 changes", async () => {
  await using server = await createTestServer();
  const { client } = server.deps.database;
  const many =
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 12000) " +
    "INSERT INTO actor_changes (player_id) SELECT 'somebody' FROM n";
  await client.execute(many);
  const { rows } = await client.execute("SELECT count(*), max(number) FROM actor_changes");
  expect(Object.values(rows[0] ?? {})).toEqual([10_000, 12_000]);
});
