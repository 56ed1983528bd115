import { expect, test } from "bun:test";
import { TOPIC_ANSWERS, TOPIC_COMMANDS } from "#shared/infra/bus/bus.ts";
import { until } from "#shared/testing/until.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";

const shardKey = "arena:1:eu-west-1";

/** Answers as a shard does; the result tells what it was asked. */
function answer(server: TestServer, players: number): string[] {
  const asked: string[] = [];
  server.hub.subscribe(TOPIC_COMMANDS, ({ payload }) => {
    if (payload.case !== "shardCommand") return;
    const { commandId, shardKeys, command } = payload.value;
    if (!shardKeys.includes(shardKey)) return;
    asked.push(command.case ?? "");
    const value = { commandId, shardKey, players };
    server.hub.publish(TOPIC_ANSWERS, { case: "shardAnswer", value });
  });
  return asked;
}

test("a shard that is silent is told of as such, after 3 s", async () => {
  await using server = await createTestServer();
  const { accessToken: token } = await registerAs(server, "admin");
  server.publishShard();
  server.publishShard({ instance: 2 });
  const asked = answer(server, 7);
  const body = { message: "hello" };
  const told = server.call("POST", "/api/shards/broadcast", { token, body });
  await until("the question", () => asked.length > 0);
  server.clock.advance(3_000);
  expect((await told).body).toEqual({
    answers: [{ shardKey, players: 7 }],
    silent: ["arena:2:eu-west-1"],
  });
});

test("security 1: moderators look and kick, administrators do the rest", async () => {
  await using server = await createTestServer();
  const { accessToken: token } = await registerAs(server, "moderator");
  const root = await registerAs(server, "admin");
  const eve = await server.guest("Eve");
  server.publishShard();
  const asked = answer(server, 1);
  const list = await server.call("GET", "/api/shards", { token });
  expect(list.body).toMatchObject({ shards: [{ key: shardKey, phase: "serving" }] });
  const body = { reason: "shouting", message: "hello" };
  const kick = (id: string) => server.call("POST", `/api/users/${id}/kick`, { token, body });
  expect((await kick(eve.player.id)).body).toEqual({
    answers: [{ shardKey, players: 1 }],
    silent: [],
  });
  expect(readError(await kick(root.player.id)).code).toBe("FORBIDDEN");
  for (const [method, path] of [
    ["PUT", `/api/shards/${shardKey}/drain`],
    ["POST", `/api/shards/${shardKey}/stop`],
    ["POST", "/api/shards/broadcast"],
  ] as const) {
    expect((await server.call(method, path, { token, body })).status).toBe(403);
    const allowed = await server.call(method, path, { token: root.accessToken, body });
    expect(allowed.status).toBe(200);
  }
  expect(asked).toEqual(["kick", "drain", "stop", "announce"]);
  const { rows } = await server.deps.database.client.execute(
    "SELECT event, details ->> 'reason' FROM audit_log",
  );
  expect(rows.map((row) => [row[0], row[1]])).toEqual([
    ["player.kicked", "shouting"],
    ["shard.drained", "shouting"],
    ["shard.stopped", "shouting"],
    ["shard.announced", null],
  ]);
});
