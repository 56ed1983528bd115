// A real shard, two real servers and a follower: what is played here is played there.
import { expect, test } from "bun:test";
import { createLog } from "#shared/infra/log.ts";
import { startSqld, type TestSqld } from "#shared/testing/sqld.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { restoreWorld } from "../restore-world.ts";
import { GameClient } from "../testing/game-client.ts";
import { ShardFixture } from "../testing/shard-fixture.ts";
import { worldFactories } from "../world/worlds.ts";
import type { FollowStatus } from "./standby/follow-status.ts";
import { Follower } from "./standby/follower.ts";
import { openOwnCopy } from "./standby/own-copy.ts";
import { ServerReader } from "./standby/replica-reader.ts";

const LOG = createLog({ process: "shard", write: () => undefined });

/** A follower that steps through the arena. */
async function follow(sqld: TestSqld) {
  const own = await openOwnCopy(":memory:");
  const reader = new ServerReader(sqld.replica.url, sqld.readToken);
  const arena = worldFactories.arena;
  if (arena === undefined) throw new Error("cannot follow: there is no arena");
  const options = {
    ...{ tickRate: 30, seed: 1, capacity: 100, log: LOG, databasePath: "" },
    recover: own.recover,
  };
  const said: FollowStatus[] = [];
  const follower = new Follower({
    shardKey: "arena:1:eu-west-1",
    reader,
    own: own.client,
    recover: () => own.recover(),
    restore: (recovery) => restoreWorld(arena, recovery, options),
    clock: systemClock,
    makeId: () => crypto.randomUUID(),
    report: (status) => said.push(status),
  });
  follower.start();
  return {
    follower,
    said,
    async [Symbol.asyncDispose]() {
      await follower.stop();
      await reader.close();
      await own.close();
    },
  };
}

const healthOf = async (shard: ShardFixture): Promise<Record<string, unknown>> =>
  await (await fetch(shard.address.replace(/^ws(.*)game$/, "http$1health"))).json();

test("what is played is at the follower, by the state's hash, after a kill too", async () => {
  await using sqld = await startSqld();
  const ship = { url: sqld.primary.url, token: sqld.token };
  await using shard = await ShardFixture.start({ ship });
  await using following = await follow(sqld);
  const clients = await Promise.all(
    Array.from({ length: 8 }, async (_, index) =>
      GameClient.join(shard.address, { ticket: await shard.ticket(`player-${index}`) }),
    ),
  );
  const play = async (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) {
      const sequences = clients.map((client, index) =>
        (round + index) % 3 === 0 ? client.attack() : client.move(1 - (round % 3), (index % 3) - 1),
      );
      await Promise.all(clients.map((client, at) => client.acknowledged(sequences[at] ?? 0)));
    }
  };
  await play(15);
  await sqld.primary.kill();
  await play(5);
  await until("the trouble", async () => (await healthOf(shard)).replica === "unreachable");
  await sqld.primary.restart();
  await play(10);
  const tick = Number((await healthOf(shard)).tick);
  await until("the tick", () => (following.follower.progress?.tick ?? 0) > tick + 31);
  expect(following.follower.state).toBe("following");
  expect(following.follower.population).toBe(8);
  for (const client of clients) client.cut();
  await shard.stop();
  await shard.restart();
  const again = Number((await healthOf(shard)).tick);
  await until("the tick", () => (following.follower.progress?.tick ?? 0) > again + 31);
  expect(shard.log).toContain("shipping to http");
  expect(shard.failures).toEqual([]);
});

test("a shard without a server says that the local file is all there is", async () => {
  await using shard = await ShardFixture.start();
  expect(shard.log).toContain("no replica: the local file is all there is");
  expect(await healthOf(shard)).toMatchObject({ replica: "off", replica_lag_ticks: 0 });
  const metrics = await (
    await fetch(shard.address.replace(/^ws(.*)game$/, "http$1metrics"))
  ).text();
  expect(metrics).toMatch(/tessera_replica_state\{state="off".*\} 1/);
});

test("a token that is refused holds nobody up; log and health say what to do", async () => {
  await using sqld = await startSqld();
  const ship = { url: sqld.primary.url, token: sqld.wrongToken };
  await using shard = await ShardFixture.start({ ship });
  await until("the trouble", async () => (await healthOf(shard)).replica === "denied");
  const client = await GameClient.join(shard.address, { ticket: await shard.ticket("ann") });
  await client.acknowledged(client.move(1, 0));
  client.cut();
  expect(shard.log).toContain("check TESSERA_LIBSQL_TOKEN, which must be signed for this server");
  // Health is gathered a few times a second.
  await until("the lag", async () => Number((await healthOf(shard)).replica_lag_ticks) > 0);
});
