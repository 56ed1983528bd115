// Servers as processes of their own that meet on a broker.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { ShardPhase } from "#proto/bus_pb.ts";
import { type Bus, TOPIC_KILLS, TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import { LocalBus } from "#shared/infra/bus/local-bus.ts";
import { openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import { createLog } from "#shared/infra/log.ts";
import { Credentials } from "#shared/model/auth.ts";
import { EventPage } from "#shared/model/events.ts";
import { startNats, startRedis } from "#shared/testing/brokers.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { spawnServer } from "./testing/server-process.ts";

const SECRET = "test-cluster-secret-0123456789abcdef";
const SHARD = "arena:1:eu-west-1";
const brokers = { redis: startRedis, nats: startNats };

const environmentOf = (folder: string, bus: string) => ({
  ...{ TESSERA_DATA: folder, TESSERA_CLUSTER_SECRET: SECRET, TESSERA_BUS: bus },
});

async function joinBus(address: string, serverUrl: string): Promise<Bus> {
  const log = createLog({ process: "test", write: () => undefined });
  const parts = { source: SHARD, clock: systemClock, log };
  if (address !== "local:") return await openBrokerBus({ address, ...parts });
  return new LocalBus({ serverUrl, clusterSecret: SECRET, ...parts });
}

function tellServing(bus: Bus): void {
  const identity = { shardKey: SHARD, world: "arena", region: "eu-west-1", instance: 1 };
  const address = "ws://127.0.0.1:7777/game";
  bus.publish(TOPIC_SHARDS, {
    case: "shardStatus",
    value: { ...identity, address, phase: ShardPhase.SERVING, capacity: 100, tickRate: 30 },
  });
}

async function ask(url: string, path: string) {
  const response = await fetch(`${url}${path}`);
  const text = await response.text();
  return { status: response.status, text };
}

describe.each(Object.keys(brokers) as (keyof typeof brokers)[])("on %s", (kind) => {
  test("two servers see one shard, and tell that their broker is away", async () => {
    await using broker = await brokers[kind]();
    await using folder = createTempDir();
    await using one = spawnServer(environmentOf(join(folder.path, "one"), broker.url));
    await using two = spawnServer(environmentOf(join(folder.path, "two"), broker.url));
    const urls = [await one.ready, await two.ready];
    const shard = await joinBus(broker.url, "");
    const all = async (path: string, part: string) =>
      await until(`${part} at ${path}`, async () => {
        tellServing(shard);
        const answers = await Promise.all(urls.map((url) => ask(url, path)));
        return answers.every(({ text }) => text.includes(part)) && answers;
      });
    await all("/health", '"shards":1');
    await broker.service.kill();
    const ill = await all("/health", '"status":"degraded"');
    expect(ill.map(({ status }) => status)).toEqual([200, 200]);
    expect(ill[0]?.text).toContain(`the bus (${kind}://127.0.0.1:`);
    const ready = await all("/ready", '"degraded":"the bus (');
    expect(ready.map(({ status }) => status)).toEqual([200, 200]);
    await all("/metrics", 'tessera_bus_connected{process="server"} 0');
    // Their shard runs on: nobody says that it has gone.
    expect((await ask(urls[0] ?? "", "/health")).text).toContain('"shards":1');
    await broker.service.restart();
    await all("/health", '"status":"ok"');
    await all("/metrics", 'tessera_bus_reconnects_total{process="server"} 1');
    await shard.close();
  }, 60_000);

  test("with a wrong password a server runs and says what to mend", async () => {
    await using broker = await brokers[kind]("s3cret-word");
    await using folder = createTempDir();
    const wrong = broker.url.replace("s3cret-word", "wr0ng-word");
    await using server = spawnServer(environmentOf(folder.path, wrong));
    const url = await server.ready;
    const text = await until("the refusal", async () => {
      const answer = await ask(url, "/health");
      return answer.text.includes("refuses the user") && answer.text;
    });
    expect(text).toContain("correct them in the address");
    expect(server.said()).toContain("broker is away, trying again until it is back");
    expect(text + server.said()).not.toMatch(/s3cret-word|wr0ng-word/);
  }, 60_000);
});

describe.each(["local:", "redis", "nats"] as const)("kills over %s", (kind) => {
  test("each is in the event log once, whenever the server is killed", async () => {
    await using broker = kind === "local:" ? undefined : await brokers[kind]();
    await using folder = createTempDir();
    const environment = environmentOf(folder.path, broker?.url ?? "local:");
    let server = spawnServer(environment);
    const url = await server.ready;
    const again = { ...environment, TESSERA_PORT: new URL(url).port };
    const shard = await joinBus(broker?.url ?? "local:", url);
    const ids: string[] = [];
    try {
      for (let round = 0; round < 3; round++) {
        const mine = Array.from({ length: 40 }, () => crypto.randomUUID());
        ids.push(...mine);
        // As the outbox does: until the bus has taken it, and a death in the middle of it.
        const sending = mine.map((id, tick) => insist(shard, id, tick));
        await Promise.race(sending);
        server.kill("SIGKILL");
        await server.end();
        server = spawnServer(again);
        await server.ready;
        await Promise.all(sending);
      }
      await until("all of them", async () => (await readKills(url)).length >= ids.length);
      expect((await readKills(url)).toSorted()).toEqual(ids.toSorted());
    } finally {
      await server[Symbol.asyncDispose]();
      await shard.close();
    }
  }, 60_000);
});

async function insist(bus: Bus, id: string, tick: number): Promise<void> {
  const value = { shardKey: SHARD, tick, killerId: "ann", victimId: "bob" };
  const send = () => bus.send(TOPIC_KILLS, { case: "playerKilled", value }, { id });
  await until("the bus to take it", () =>
    send().then(
      () => true,
      () => false,
    ),
  );
}

/** Ids of all kills in the log, as a player reads them. */
async function readKills(url: string): Promise<string[]> {
  const guest = await fetch(`${url}/api/auth/guest`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { accessToken } = Credentials.parse(await guest.json());
  const answer = await fetch(`${url}/api/events?types=combat.killed&limit=200`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return EventPage.parse(await answer.json()).events.map(({ id }) => id);
}
