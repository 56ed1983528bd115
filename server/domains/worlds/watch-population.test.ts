import { expect, test } from "bun:test";
import { WorldId } from "#shared/model/ids.ts";
import { createTestServer, type TestServer } from "../../testing/test-server.ts";
import { TOLD_INTERVAL_MS, watchPopulation } from "./watch-population.ts";

function watch(server: TestServer, worldId = "arena", caller?: AbortSignal) {
  return watchPopulation(server.deps, { worldId: WorldId.parse(worldId) }, caller);
}

async function nextPopulation(stream: ReturnType<typeof watch>) {
  const { value, done } = await stream.next();
  if (done === true || value === undefined) return "ended";
  return value[1].population;
}

test("tells the state at once and each change after it", async () => {
  await using server = await createTestServer();
  server.publishShard({ population: 3 });
  const stream = watch(server);
  expect(await nextPopulation(stream)).toBe(3);
  const next = nextPopulation(stream);
  server.publishShard({ population: 4 });
  server.clock.advance(TOLD_INTERVAL_MS);
  expect(await next).toBe(4);
  await stream.return();
});

test("changes that come close together are told as the last of them", async () => {
  await using server = await createTestServer();
  const stream = watch(server);
  expect(await nextPopulation(stream)).toBe(0);
  const next = nextPopulation(stream);
  for (let population = 1; population <= 50; population++) server.publishShard({ population });
  server.clock.advance(TOLD_INTERVAL_MS);
  expect(await next).toBe(50);
  await stream.return();
});

test("fails when the server stops, so that clients come back", async () => {
  await using server = await createTestServer();
  const stream = watch(server);
  await nextPopulation(stream);
  const next = nextPopulation(stream);
  server.stopping.abort();
  await expect(next).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("ends when the caller goes", async () => {
  await using server = await createTestServer();
  const caller = new AbortController();
  const stream = watch(server, "arena", caller.signal);
  await nextPopulation(stream);
  const next = nextPopulation(stream);
  caller.abort();
  expect(await next).toBe("ended");
});

test("a world that does not exist cannot be watched", async () => {
  await using server = await createTestServer();
  const stream = watch(server, "nowhere");
  await expect(stream.next()).rejects.toThrow('cannot find world "nowhere"');
});
