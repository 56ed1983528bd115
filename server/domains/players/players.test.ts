import { expect, test } from "bun:test";
import { createTestServer, readError } from "../../testing/test-server.ts";

test("players.me shows the caller and nothing secret", async () => {
  await using server = await createTestServer();
  const { accessToken: token, player } = await server.guest("Ada");
  const me = await server.call("GET", "/api/players/me", { token });
  expect(me.body).toEqual(player);
  expect(Object.keys(player).sort()).toEqual([
    "createdAt",
    "displayName",
    "guest",
    "id",
    "role",
    "username",
  ]);
});

test("players.rename tidies and keeps the new name", async () => {
  await using server = await createTestServer();
  const { accessToken: token } = await server.guest("Ada");
  const body = { displayName: "  Grace   Hopper " };
  const renamed = await server.call("PATCH", "/api/players/me", { token, body });
  expect(renamed.body).toMatchObject({ displayName: "Grace Hopper" });
  const me = await server.call("GET", "/api/players/me", { token });
  expect(me.body).toEqual(renamed.body);
});

test("a new name is told to the worlds that the player is in", async () => {
  await using server = await createTestServer();
  const told: unknown[] = [];
  server.hub.subscribe("players", ({ payload }) => told.push(payload));
  const { accessToken: token, player } = await server.guest("Ada");
  await server.call("PATCH", "/api/players/me", { token, body: { displayName: "Grace" } });
  const value = { playerId: player.id, displayName: "Grace" };
  expect(told).toMatchObject([{ case: "playerRenamed", value }]);
});

test("unknown fields change nothing: nobody names their own role", async () => {
  await using server = await createTestServer();
  const { accessToken: token } = await server.guest("Ada");
  const body = { displayName: "Ada", role: "admin", id: "x" };
  const renamed = await server.call("PATCH", "/api/players/me", { token, body });
  expect(renamed.body).toMatchObject({ role: "player" });
});

test("a name that cannot be is refused with the field and the rule", async () => {
  await using server = await createTestServer();
  const { accessToken: token } = await server.guest("Ada");
  const answer = await server.call("PATCH", "/api/players/me", {
    token,
    body: { displayName: "x".repeat(25) },
  });
  expect(answer.status).toBe(400);
  expect(readError(answer).message).toBe(
    "cannot accept the input: displayName must be at most 24 characters long",
  );
});
