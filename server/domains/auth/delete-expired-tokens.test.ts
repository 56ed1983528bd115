import { expect, test } from "bun:test";
import { createTestServer } from "../../testing/test-server.ts";
import { deleteExpiredTokens } from "./delete-expired-tokens.ts";
import { REFRESH_TOKEN_MS } from "./refresh-token.ts";

test("expired tokens and logins without any go, the others and the players stay", async () => {
  await using server = await createTestServer();
  const { database, clock } = server.deps;
  const gone = await server.guest();
  const kept = await server.guest();
  const isolate = "UPDATE refresh_tokens SET expires_at_ms = expires_at_ms + 1000 WHERE session_id";
  await database.client.execute({
    sql: `${isolate} = (SELECT id FROM sessions WHERE player_id = ?)`,
    args: [kept.player.id],
  });
  const later = { ...clock, wallMs: () => clock.wallMs() + REFRESH_TOKEN_MS + 500 };
  await deleteExpiredTokens({ database, clock: later });
  const refresh = (body: object) => server.call("POST", "/api/auth/refresh", { body });
  expect((await refresh(gone)).status).toBe(401);
  expect((await refresh(kept)).status).toBe(200);
  const { rows } = await database.client.execute(
    "SELECT (SELECT count(*) FROM sessions), (SELECT count(*) FROM players)",
  );
  expect([rows[0]?.[0], rows[0]?.[1]]).toEqual([1, 2]);
});
