import { expect, test } from "bun:test";
import { createClient } from "@libsql/client";
import { migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import { startSqld, type TestSqld } from "#shared/testing/sqld.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { SHARD_MIGRATIONS } from "../../persistence/shard-store.ts";
import { Shipper } from "../shipper.ts";
import { dump, PaperShard } from "../testing/paper-shard.ts";
import { EmbeddedReader } from "./embedded/embedded-reader.ts";
import type { FollowStatus } from "./follow-status.ts";
import { type FollowedWorld, Follower } from "./follower.ts";
import { type ReplicaReader, ServerReader } from "./replica-reader.ts";

const ID = "0d5e7a3c-1111-4111-8111-111111111111";

/** A world whose state is the number of ticks that it went through. */
class CountingWorld implements FollowedWorld {
  readonly population = 0;
  tick: number;

  constructor(tick: number) {
    this.tick = tick;
  }

  hash(): string {
    return this.tick.toString(16).padStart(16, "0");
  }

  replay(): void {
    this.tick += 1;
  }
}

/** A follower with a file of its own, and all that it has said. */
async function follow(reader: ReplicaReader, path = ":memory:") {
  const own = await openDatabase({ place: path, schema });
  await migrateDatabase(own, SHARD_MIGRATIONS);
  const said: FollowStatus[] = [];
  const follower = new Follower({
    shardKey: "arena:1:eu-west-1",
    reader,
    own: own.client,
    recover: async () => {
      const { progress = [] } = await dump(own.client);
      const tick = Number(/tick=(\d+)/.exec(progress[0] ?? "")?.[1]);
      const database = { id: ID, epoch: 1, tick };
      const nobody = { journal: [], sessions: new Map<string, string>(), answers: [] };
      return { database, tick, snapshot: undefined, ...nobody, warnings: [] };
    },
    restore: ({ database }) => new CountingWorld(database.tick),
    clock: systemClock,
    makeId: () => "own",
    report: (status) => said.push(status),
  });
  follower.start();
  return {
    follower,
    own: own.client,
    reaches: (shard: PaperShard) =>
      until(`tick ${shard.tick}; it said ${said.at(-1)?.text}`, () => {
        return follower.progress?.tick === shard.tick;
      }),
    says: (text: string) => until(text, () => said.some((status) => status.text.includes(text))),
    async [Symbol.asyncDispose]() {
      await follower.stop();
      await reader.close();
      await own.close();
    },
  };
}

function ship(shard: PaperShard, sqld: TestSqld) {
  const shipper = new Shipper({
    source: shard.client,
    url: sqld.primary.url,
    token: sqld.token,
    clock: systemClock,
    makeId: () => crypto.randomUUID(),
    report: () => undefined,
  });
  return {
    async run(ticks: number) {
      await shard.run(ticks);
      shipper.committed(shard.tick);
    },
    [Symbol.asyncDispose]: () => shipper.stop(1_000),
  };
}

const readerOf = ({ replica, readToken }: TestSqld) => new ServerReader(replica.url, readToken);

test("a follower has all that the owner had, through a replica of the server", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(40);
  await using following = await follow(readerOf(sqld));
  await following.reaches(shard);
  for (let round = 0; round < 8; round += 1) {
    await shipping.run(20);
    await shard.snapshot();
    await following.reaches(shard);
  }
  await shipping.run(1);
  await following.reaches(shard);
  const { snapshots: own, ...rest } = await dump(following.own);
  const { snapshots, ...owner } = await dump(shard.client);
  expect(rest).toEqual(owner);
  expect(snapshots).toContainValues(own?.slice(0, 1) ?? []);
});

test("a wiped server takes nothing away, and is followed again once it is filled", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(30);
  await using following = await follow(readerOf(sqld));
  await following.reaches(shard);
  const before = following.follower.generation;
  await sqld.primary.wipe();
  await sqld.primary.restart();
  await following.says("it is empty; it fills once the owner ships to its primary");
  expect(following.follower.progress?.tick).toBe(30);
  await shipping.run(10);
  await following.reaches(shard);
  expect(following.follower.generation).not.toBe(before ?? "");
});

test("a replica that was put back is noticed, and what was seen is kept", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(20);
  const client = createClient({ url: sqld.primary.url, authToken: sqld.token });
  await using following = await follow(readerOf(sqld));
  await following.reaches(shard);
  await shipping[Symbol.asyncDispose]();
  await client.batch(
    [
      "DELETE FROM journal WHERE tick > 15",
      "UPDATE progress SET tick = 15, checksum = (SELECT checksum FROM journal WHERE tick = 15)",
    ],
    "write",
  );
  await following.says(
    "it ends with tick 15 of epoch 1, and this standby has seen tick 20 of epoch 1: it was put",
  );
  expect(following.follower.progress?.tick).toBe(20);
});

test("what the owner never wrote is not taken over", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(20);
  const client = createClient({ url: sqld.primary.url, authToken: sqld.token });
  await until("the replica", async () => {
    const shipped = await client.execute("SELECT tick FROM progress").catch(() => undefined);
    return shipped?.rows[0]?.[0] === 20;
  });
  await shipping[Symbol.asyncDispose]();
  await client.batch(["UPDATE journal SET inputs = x'00' WHERE tick = 9"], "write");
  await using following = await follow(readerOf(sqld));
  await following.says("its journal's tick 9 is damaged; it is read anew");
  expect(following.follower.progress?.tick ?? 0).toBeLessThan(9);
});

test("wrong tokens, another shard, a server that is away: named with what to do", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(5);
  {
    await using refused = await follow(new ServerReader(sqld.replica.url, sqld.wrongToken));
    await refused.says("check TESSERA_STANDBY_TOKEN");
    expect(refused.follower.state).toBe("denied");
  }
  await using other = await PaperShard.create({ id: crypto.randomUUID(), shardKey: "arena:9:x" });
  const elsewhere = await sqld.more();
  await using away = await ship(other, { ...sqld, primary: elsewhere });
  await away.run(5);
  using folder = createTempDir();
  const path = `${folder.path}/standby.db`;
  {
    await using first = await follow(readerOf(sqld), path);
    await first.reaches(shard);
  }
  {
    await using stranger = await follow(new ServerReader(elsewhere.url, sqld.token));
    await stranger.says("it holds shard arena:9:x, and this standby is arena:1:eu-west-1's; set");
    expect(stranger.follower.state).toBe("foreign");
    expect(stranger.follower.progress).toBeUndefined();
  }
  await using again = await follow(new ServerReader(elsewhere.url, sqld.token), path);
  await again.says("of shard arena:9:x, and this standby has followed");
  expect(again.follower.state).toBe("foreign");
  await elsewhere.kill();
  await again.says("check that it runs and TESSERA_STANDBY_URL");
});

test("a follower that comes back later goes on from its own file", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(10);
  using folder = createTempDir();
  const path = `${folder.path}/standby.db`;
  {
    await using first = await follow(readerOf(sqld), path);
    await first.reaches(shard);
  }
  for (let round = 0; round < 5; round += 1) {
    await shipping.run(30);
    await shard.snapshot();
    await shipping.run(1);
  }
  await using second = await follow(readerOf(sqld), path);
  await second.reaches(shard);
  expect((await dump(second.own)).player_states).toEqual((await dump(shard.client)).player_states);
});

test("an embedded replica is as good, and is made anew when it is damaged", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(30);
  using folder = createTempDir();
  const path = `${folder.path}/replica.db`;
  const url = `${sqld.primary.url.replace("http", "libsql")}?tls=0`;
  const reader = () => new EmbeddedReader({ path, url, token: sqld.readToken, clock: systemClock });
  {
    await using following = await follow(reader());
    await following.reaches(shard);
    await shipping.run(30);
    await following.reaches(shard);
  }
  await Bun.write(path, "not a database any more, but still a file".repeat(500));
  await using again = await follow(reader());
  await again.reaches(shard);
});

test.each([
  [
    "a newer version's",
    ["INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('of 2030', 1900000000000)"],
    "its owner runs another version of Tessera; run that version here, too",
    "version",
  ],
  [
    "an older version's",
    ["DELETE FROM __drizzle_migrations"],
    "its owner runs an older version of Tessera; update the owner",
    "version",
  ],
  [
    "another program's",
    ["DROP TABLE __drizzle_migrations"],
    "it holds another program's tables; set TESSERA_STANDBY_URL",
    "foreign",
  ],
])("%s tables are not followed", async (_, changes, text, state) => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(5);
  await using following = await follow(readerOf(sqld));
  await following.reaches(shard);
  await shipping[Symbol.asyncDispose]();
  const client = createClient({ url: sqld.primary.url, authToken: sqld.token });
  const replica = createClient({ url: sqld.replica.url, authToken: sqld.readToken });
  const count = () =>
    replica.execute("SELECT count(*) FROM __drizzle_migrations").then(
      ({ rows }) => rows[0]?.[0],
      () => "none",
    );
  const before = await count();
  await client.batch(changes, "write");
  await until("the change at the replica", async () => (await count()) !== before);
  await using late = await follow(readerOf(sqld));
  await late.says(text);
  expect(String(late.follower.state)).toBe(state);
});

test("an embedded replica that serves what was before a wipe is fetched anew", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, sqld);
  await shipping.run(30);
  using folder = createTempDir();
  const path = `${folder.path}/replica.db`;
  const url = `${sqld.primary.url.replace("http", "libsql")}?tls=0`;
  const token = sqld.readToken;
  await using following = await follow(
    new EmbeddedReader({ path, url, token, clock: systemClock }),
  );
  await following.reaches(shard);
  const before = following.follower.generation;
  await sqld.primary.wipe();
  await sqld.primary.restart();
  await shipping.run(10);
  await until("the new filling", async () => {
    const client = createClient({ url: sqld.primary.url, authToken: sqld.token });
    const { rows } = await client
      .execute("SELECT tick FROM progress")
      .catch(() => ({ rows: [[0]] }));
    return rows[0]?.[0] === shard.tick;
  });
  expect(following.follower.progress?.tick).toBe(30);
  following.follower.refetch();
  await following.reaches(shard);
  expect(following.follower.generation).not.toBe(before ?? "");
});
