import { expect, test } from "bun:test";
import { createClient } from "@libsql/client";
import { createLog } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { startSqld, type TestSqld } from "#shared/testing/sqld.ts";
import { until } from "#shared/testing/until.ts";
import { type Clock, systemClock } from "#shared/time/clock.ts";
import type { ShipStatus } from "./ship-status.ts";
import { ShipWatch } from "./ship-watch.ts";
import { Shipper } from "./shipper.ts";
import { dump, PaperShard } from "./testing/paper-shard.ts";

const ID = "0d5e7a3c-1111-4111-8111-111111111111";
const OTHER_ID = "0d5e7a3c-2222-4222-8222-222222222222";

/** A shipper from a shard to a server, with all that it has said. */
function ship(shard: PaperShard, sqld: { url: string; token: string }, clock: Clock = systemClock) {
  const said: ShipStatus[] = [];
  let ids = 0;
  const shipper = new Shipper({
    source: shard.client,
    url: sqld.url,
    token: sqld.token,
    clock,
    makeId: () => `filling-${++ids}`,
    report: (status) => said.push(status),
  });
  shipper.committed(shard.tick);
  const last = () => said.at(-1);
  return {
    shipper,
    tries: () => said.length,
    last,
    states: () => [...new Set(said.map(({ state }) => state))],
    text: () => last()?.text ?? "",
    generation: () => last()?.generation,
    async run(ticks: number) {
      await shard.run(ticks);
      shipper.committed(shard.tick);
    },
    shipped: () =>
      until(
        "the last tick",
        () => last()?.state === "shipping" && last()?.shippedTick === shard.tick,
      ),
    says: (text: string) => until(text, () => said.some((status) => status.text.includes(text))),
    [Symbol.asyncDispose]: () => shipper.stop(1_000),
  };
}

const clientOf = (sqld: TestSqld) => createClient({ url: sqld.primary.url, authToken: sqld.token });
const place = (sqld: TestSqld) => ({ url: sqld.primary.url, token: sqld.token });

test("an empty server is filled, then gets each tick with all that changed", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await shard.run(45);
  await using shipping = ship(shard, place(sqld));
  await shipping.shipped();
  expect(await dump(clientOf(sqld))).toEqual(await dump(shard.client));
  for (let round = 0; round < 12; round += 1) {
    await shipping.run(1 + 30 * (round % 3));
    if (round % 3 === 0) await shard.snapshot();
    if (round % 4 === 0) await shard.tell();
    await shipping.run(2);
    await shipping.shipped();
  }
  await shard.snapshot();
  await shipping.run(1);
  await shipping.shipped();
  expect(await dump(clientOf(sqld))).toEqual(await dump(shard.client));
  expect(shipping.states()).toEqual(["connecting", "filling", "shipping"]);
});

test("a server that was away is caught up, from the journal or a snapshot", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, place(sqld));
  await shipping.run(10);
  await shipping.shipped();
  const first = shipping.generation();
  await sqld.primary.kill();
  await shipping.run(300);
  await shipping.says("cannot ship to");
  expect(shipping.text()).toContain("check that the server runs and TESSERA_LIBSQL_URL");
  await sqld.primary.restart();
  await shipping.shipped();
  expect(shipping.generation()).toBe(first);
  await sqld.primary.kill();
  for (let round = 0; round < 5; round += 1) {
    await shipping.run(40);
    await shard.snapshot();
  }
  await sqld.primary.restart();
  await shipping.says("is further behind than the journal reaches, at tick 310");
  await shipping.shipped();
  expect(shipping.generation()).not.toBe(first);
  const [copy, source] = [await dump(clientOf(sqld)), await dump(shard.client)];
  for (const table of ["player_states", "sessions", "answers", "progress"]) {
    expect(copy[table]).toEqual(source[table]);
  }
});

test("a wiped server is filled anew", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, place(sqld));
  await shipping.run(40);
  await shipping.shipped();
  await sqld.primary.wipe();
  await sqld.primary.restart();
  await shipping.run(3);
  await shipping.says("no such table");
  await shipping.shipped();
  expect((await dump(clientOf(sqld))).player_states).toEqual(
    (await dump(shard.client)).player_states,
  );
  expect(shipping.generation()).toBe("filling-2");
});

test("a wrong token, and one that may only read, are named with what to do", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  for (const token of [sqld.wrongToken, sqld.readToken]) {
    await using shipping = ship(shard, { url: sqld.primary.url, token });
    await shipping.says("check TESSERA_LIBSQL_TOKEN");
    expect(shipping.states()).toEqual(["connecting", "denied"]);
  }
});

test("another shard's database, and another life of this one, are left as they are", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using first = ship(shard, place(sqld));
  await first.run(40);
  await first.shipped();
  await first[Symbol.asyncDispose]();
  const before = await dump(clientOf(sqld));
  const strangers = [
    { id: OTHER_ID, shardKey: "arena:2:eu-west-1" },
    { id: OTHER_ID, shardKey: "arena:1:eu-west-1" },
  ];
  for (const stranger of strangers) {
    await using other = await PaperShard.create(stranger);
    await using shipping = ship(other, place(sqld));
    await shipping.says(`it holds database ${ID} of shard arena:1:eu-west-1, tick 40`);
    expect(shipping.text()).toContain("start this shard with --standby on an empty folder");
    expect(shipping.states()).toEqual(["connecting", "foreign"]);
  }
  expect(await dump(clientOf(sqld))).toEqual(before);
});

test("a database made by something else is left as it is", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await clientOf(sqld).batch(["CREATE TABLE mine (n INTEGER) STRICT"], "write");
  await using shipping = ship(shard, place(sqld));
  await shipping.says("it was made by something else");
  expect(shipping.states()).toEqual(["connecting", "foreign"]);
});

test("what a later owner has written to is not written to any more", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, place(sqld));
  await shipping.run(10);
  await shipping.shipped();
  await clientOf(sqld).batch(["UPDATE progress SET epoch = 9"], "write");
  await shipping.run(1);
  await shipping.says("a later owner has written to it under epoch 9");
  expect(shipping.states().at(-1)).toBe("fenced");
});

test("a successor goes on with its ancestor's replica, less what only that one had", async () => {
  await using sqld = await startSqld();
  await using first = await PaperShard.create({ id: ID });
  await using shipping = ship(first, place(sqld));
  await shipping.run(30);
  await shipping.shipped();
  await shipping[Symbol.asyncDispose]();
  // The same history up to tick 20, and then another one.
  await using second = await PaperShard.create({ id: OTHER_ID });
  await second.run(20);
  await second.setFact("ancestors", ID);
  second.succeed();
  await second.run(5);
  await second.snapshot();
  await using succession = ship(second, place(sqld));
  await succession.says("has ticks that this database has not, up to 30");
  await succession.shipped();
  const [copy, source] = [await dump(clientOf(sqld)), await dump(second.client)];
  for (const table of ["player_states", "answers", "outbox", "progress"]) {
    expect(copy[table]).toEqual(source[table]);
  }
});

test("the stop ships what is committed", async () => {
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  await using shipping = ship(shard, place(sqld));
  await shipping.shipped();
  await shipping.run(500);
  await shipping[Symbol.asyncDispose]();
  expect((await dump(clientOf(sqld))).progress).toEqual((await dump(shard.client)).progress);
});

test("a server that is away for an hour: the lag is told, nothing waits in memory", async () => {
  const clock = new FakeClock();
  await using sqld = await startSqld();
  await using shard = await PaperShard.create({ id: ID });
  const lines: string[] = [];
  const metrics = createMetrics({ process: "shard", clock });
  const log = createLog({ process: "shard", write: (line) => lines.push(line) });
  const watch = new ShipWatch({ ship: place(sqld), log, metrics });
  watch.serve(
    () => ({ committed: shard.tick, rate: 1 }),
    () => undefined,
  );
  const shipping = ship(shard, place(sqld), clock);
  const heard = () => watch.heard(shipping.last() ?? watch.status);
  await shipping.run(10);
  await shipping.shipped();
  heard();
  await sqld.primary.kill();
  // A tick for each second is enough of them; the clock goes on when a try is over.
  const HOUR = 3_600;
  for (let second = 0; second < HOUR; second += 5) {
    const tries = shipping.tries();
    await shipping.run(5);
    if (second % 60 === 0) await shard.snapshot();
    clock.advance(5_000);
    await until("the next try", () => shipping.tries() > tries);
    heard();
  }
  expect(watch.lagTicks).toBe(HOUR);
  expect(await metrics.render()).toMatch(/tessera_replica_lag_seconds\{.*\} 3600/);
  // Once for each way in which it does not answer, not for each of 720 tries.
  expect(lines.filter((line) => line.includes("cannot ship to")).length).toBeLessThan(5);
  const [kept] = await shard.client.batch(["SELECT count(*) FROM journal"], "read");
  expect(Number(kept?.rows[0]?.[0])).toBeLessThan(200);
  await sqld.primary.restart();
  await until("all of it", () => {
    clock.advance(1_000);
    return shipping.last()?.shippedTick === shard.tick;
  });
  heard();
  expect(watch.lagTicks).toBe(0);
  expect(lines.at(-1)).toContain("shipping to");
  const stopped = shipping[Symbol.asyncDispose]();
  clock.advance(1_000);
  await stopped;
  metrics.close();
});
