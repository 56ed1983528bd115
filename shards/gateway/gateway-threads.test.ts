import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { GoodbyeReason } from "#proto/frame_pb.ts";
import { GameClient } from "../testing/game-client.ts";
import { ShardFixture } from "../testing/shard-fixture.ts";

const GATEWAYS = 3;
const PLAYERS = 12;

async function join(fixture: ShardFixture, playerId: string): Promise<GameClient> {
  return GameClient.join(fixture.address, { ticket: await fixture.ticket(playerId) });
}

const httpOf = (fixture: ShardFixture) => fixture.address.replace(/^ws(.*)\/game$/, "http$1");

async function readMetric(fixture: ShardFixture, name: string): Promise<number> {
  const text = await (await fetch(`${httpOf(fixture)}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name}{`));
  return Number(line?.split(" ").at(-1));
}

test("players at several gateways are in one world", async () => {
  await using fixture = await ShardFixture.start({ gateways: GATEWAYS });
  const names = Array.from({ length: PLAYERS }, (_, index) => `player-${index}`);
  const clients = await Promise.all(names.map((name) => join(fixture, name)));
  expect(new Set(clients.map(({ entity }) => entity)).size).toBe(PLAYERS);
  for (const client of clients) {
    const sequence = client.move(1, 0);
    const { ack } = await client.acknowledged(sequence);
    if (ack?.self.case !== "arena") throw new Error("cannot test: the ack is of another world");
    expect(ack.self.value.controls?.dx).toBe(1);
  }
  expect(await readMetric(fixture, "tessera_connections")).toBe(PLAYERS);
  for (const client of clients) client.cut();
});

test("every gateway answers for the shard's health and metrics", async () => {
  await using fixture = await ShardFixture.start({ gateways: GATEWAYS });
  // Each request is a connection of its own, and the system gives it to any of the gateways.
  const answers = await Promise.all(
    Array.from({ length: PLAYERS }, () =>
      fetch(`${httpOf(fixture)}/health`, { headers: { connection: "close" } }),
    ),
  );
  for (const answer of answers) {
    expect(await answer.json()).toMatchObject({ status: "serving", players: 0 });
  }
});

test("the system knows threads by their names", async () => {
  await using _shard = await ShardFixture.start({ gateways: 2 });
  const names = readdirSync("/proc/self/task").map((task) =>
    readFileSync(`/proc/self/task/${task}/comm`, "utf8").trim(),
  );
  expect(names.filter((name) => name === "gateway").length).toBeGreaterThanOrEqual(2);
  expect(names).toContain("persistence");
});

test("an address is bounded over all gateways together", async () => {
  await using fixture = await ShardFixture.start({
    gateways: GATEWAYS,
    connectionsPerAddressMax: 4,
  });
  const clients = await Promise.all(["a", "b", "c", "d"].map((name) => join(fixture, name)));
  await expect(new GameClient(fixture.address).opened).rejects.toThrow("cannot open game socket");
  for (const client of clients) client.cut();
});

test("a player goes from gateway to gateway, and the older connection ends", async () => {
  await using fixture = await ShardFixture.start({ gateways: GATEWAYS });
  let client = await join(fixture, "ann");
  const { entity } = client;
  for (let round = 0; round < 6; round++) {
    const resumeToken = client.welcome?.resumeToken ?? "";
    const next = await GameClient.join(fixture.address, { resumeToken });
    expect((await client.ended).code).toBe(4003);
    expect(next.entity).toBe(entity);
    client = next;
  }
  client.cut();
});

test("at the stop everyone hears goodbye, whichever gateway it is at", async () => {
  await using fixture = await ShardFixture.start({ gateways: GATEWAYS });
  const clients = await Promise.all(["a", "b", "c", "d", "e"].map((name) => join(fixture, name)));
  const goodbyes = Promise.all(clients.map((client) => client.next("goodbye")));
  await fixture.stop();
  for (const { reason } of await goodbyes) expect(reason).toBe(GoodbyeReason.STOPPING);
});

test("two shards never share a port, and one stopped leaves it free", async () => {
  await using first = await ShardFixture.start({ gateways: 2 });
  const port = Number(new URL(first.address).port);
  await using second = await ShardFixture.start({ gateways: 2, port });
  expect(Number(new URL(second.address).port)).toBeGreaterThan(port);
  await first.stop();
  await using third = await ShardFixture.start({ gateways: 2, port });
  expect(Number(new URL(third.address).port)).toBe(port);
});

test("in production a taken port stops the start", async () => {
  await using first = await ShardFixture.start({ gateways: 1 });
  const port = Number(new URL(first.address).port);
  for (const gateways of [0, 1, 2]) {
    const starting = ShardFixture.start({ gateways, port, mode: "production" });
    await expect(starting).rejects.toThrow("the port is taken");
  }
});
