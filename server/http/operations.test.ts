import { expect, test } from "bun:test";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { createTestServer, readError, TEST_CLUSTER_SECRET } from "../testing/test-server.ts";

const ID = "0190a0a0-0000-7000-8000-000000000001";
const token = TEST_CLUSTER_SECRET;

test("only who has the cluster secret may hold the database and see the shards", async () => {
  await using server = await createTestServer();
  for (const [method, path] of [
    ["GET", "/shards"],
    ["POST", `/hold?id=${ID}`],
  ] as const) {
    for (const call of [{}, { token: "wrong" }]) {
      const answer = await server.call(method, path, call);
      expect(answer.status).toBe(401);
      expect(readError(answer).message).toStartWith("cannot operate the server: send the cluster");
    }
  }
});

test("the database is held and let go", async () => {
  using folder = createTempDir();
  await using server = await createTestServer({ place: join(folder.path, "control.db") });
  const ask = async (method: string, id = ID) => {
    const { status, body } = await server.call(method, `/hold?id=${id}`, { token });
    return [status, body];
  };
  const held = { held: true, file: expect.objectContaining({ bytes: expect.any(Number) }) };
  expect(await ask("POST")).toEqual([200, held]);
  expect(await ask("PUT")).toEqual([200, held]);
  await server.guest();
  expect(await ask("DELETE")).toEqual([200, held]);
  expect(await ask("DELETE")).toEqual([
    409,
    { held: false, reason: "this hold is over, or was never taken" },
  ]);
  expect((await ask("POST", "no-uuid"))[0]).toBe(400);
});

test("shards are told with their addresses", async () => {
  await using server = await createTestServer();
  server.publishShard();
  const { body } = await server.call("GET", "/shards", { token });
  expect(body).toMatchObject({
    shards: [{ key: "arena:1:eu-west-1", address: "ws://127.0.0.1:7777/game" }],
  });
});
