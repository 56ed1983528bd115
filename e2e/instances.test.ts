// A world of several shards, as players find it: a server, `bun run shard --instances 3`, clients.
import { expect, test } from "bun:test";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { createClient } from "../client/index.ts";
import { spawnServer } from "../server/testing/server-process.ts";
import { ShardProcess } from "../shards/testing/shard-process.ts";

const KEYS = [1, 2, 3].map((instance) => `arena:${instance}:eu-west-1`);

test("players spread over the instances, come back to theirs, and outlive its death", async () => {
  using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path };
  await using server = spawnServer(environment);
  const url = await server.ready;
  await using shards = new ShardProcess(["--instances", "3"], {
    ...environment,
    TESSERA_SERVER_URL: url,
  });
  await shards.says("3 instances are serving");
  await until("the server to know all three", async () => {
    const answer = await fetch(`${url}/api/worlds/arena`);
    return (await answer.text()).includes('"shards":3');
  });

  const clients = await Promise.all(
    Array.from({ length: 9 }, async (_, index) => {
      const client = createClient({ url });
      await client.guest({ displayName: `Player ${index}` });
      return client;
    }),
  );
  const sessions = await Promise.all(clients.map((client) => client.join("arena")));
  const spread = await countPlayers(shards);
  expect(spread.reduce((sum, count) => sum + count, 0)).toBe(9);
  expect(Math.min(...spread)).toBeGreaterThan(1);

  const [client = createClient({ url })] = clients;
  const askPlace = async () => (await client.api.worlds.join.mutate({ worldId: "arena" })).shardKey;
  const place: string = await askPlace();
  await sessions[0]?.leave();
  sessions[0] = await client.join("arena");
  expect<string>(await askPlace()).toBe(place);
  expect(await countPlayers(shards)).toEqual(spread);

  process.kill(shards.processOf(place), "SIGKILL");
  await until("the next process", () => shards.addresses(place).length === 2);
  await until("everybody playing again", async () => {
    const isEverybodyThere = sessions.every(({ status }) => status === "playing");
    return isEverybodyThere && (await countPlayers(shards)).join() === spread.join();
  });
  await Promise.all(sessions.map((session) => session.leave()));
});

/** Players with a connection, by instance. */
async function countPlayers(shards: ShardProcess): Promise<number[]> {
  return await Promise.all(
    KEYS.map(async (key) => {
      const address = shards.addresses(key).at(-1) ?? "";
      const health = await fetch(address.replace(/^ws(.*)game$/, "http$1health"));
      const { connected }: { connected: number } = JSON.parse(await health.text());
      return connected;
    }),
  );
}
