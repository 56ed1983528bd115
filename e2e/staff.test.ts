// What staff asks of shards reaches them, over the bus and back: real processes.
import { expect, test } from "bun:test";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import { GoodbyeReason, NoticeKind } from "#proto/frame_pb.ts";
import { ShardKey } from "#shared/model/ids.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import type { AppRouter } from "../server/app-router.ts";
import { spawnServer } from "../server/testing/server-process.ts";
import { GameClient } from "../shards/testing/game-client.ts";
import { ShardProcess } from "../shards/testing/shard-process.ts";

const shardKey = ShardKey.parse("arena:1:eu-west-1");

function connect(url: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers })],
  });
}

test("kick, drain, broadcast and stop reach a shard, and are in the audit log", async () => {
  await using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path };
  await using server = spawnServer(environment);
  const url = await server.ready;
  await using shard = new ShardProcess([], { ...environment, TESSERA_SERVER_URL: url });
  const token = await until("the link", async () => server.said().match(/#setup=([\w-]+)/)?.[1]);
  const first = { token, username: "Root", password: "correct horse" };
  const root = connect(url, (await connect(url).auth.setUp.mutate(first)).accessToken);
  const join = async (accessToken: string) => {
    const mutate = () => connect(url, accessToken).worlds.join.mutate({ worldId: "arena" });
    const { address, ticket } = await until("a shard", () => mutate().catch(() => undefined));
    return GameClient.join(address, { ticket });
  };
  const [eve, ada] = [
    await connect(url).auth.guest.mutate({}),
    await connect(url).auth.guest.mutate({}),
  ];
  using kicked = await join(eve.accessToken);
  using stays = await join(ada.accessToken);

  const kick = { playerId: eve.player.id, reason: "shouting" };
  const told = await root.users.kick.mutate(kick);
  expect(told).toEqual({ answers: [{ shardKey, players: 1 }], silent: [] });
  const goodbye = await kicked.next("goodbye");
  expect(goodbye.reason).toBe(GoodbyeReason.REVOKED);
  expect(goodbye.message).toBe("You were sent away: shouting");
  // Its login lives.
  using back = await join(eve.accessToken);

  const said = await root.shards.broadcast.mutate({ message: "Back in 5 minutes" });
  expect(said.answers).toEqual([{ shardKey, players: 2 }]);
  for (const client of [stays, back]) {
    const { kind, message } = await client.next("notice");
    expect([kind, message]).toEqual([NoticeKind.ANNOUNCEMENT, "Back in 5 minutes"]);
  }

  const phase = async () => (await root.shards.list.query({})).shards.map((one) => one.phase);
  await root.shards.drain.mutate({ shardKey, reason: "new disk" });
  expect(await phase()).toEqual(["draining"]);
  const late = connect(url, eve.accessToken).worlds.join.mutate({ worldId: "arena" });
  await expect(late).rejects.toThrow("cannot join arena");
  await stays.acknowledged(stays.move(1, 0));
  await root.shards.drain.mutate({ shardKey, reason: "it is in", draining: false });
  expect(await phase()).toEqual(["serving"]);
  await connect(url, eve.accessToken).worlds.join.mutate({ worldId: "arena" });

  await root.shards.stop.mutate({ shardKey, reason: "moving house" });
  expect((await stays.next("goodbye")).reason).toBe(GoodbyeReason.STOPPING);
  expect(await shard.ended()).toBe(0);
  await until("the stop to be known", async () => (await phase())[0] === "stopped");
  const unknown = root.shards.stop.mutate({ shardKey, reason: "again" });
  await expect(unknown).rejects.toThrow("cannot find shard");

  const { entries } = await root.audit.query.query({});
  expect(entries.map(({ event, details }) => [event, details.reason]).slice(0, 5)).toEqual([
    ["shard.stopped", "moving house"],
    ["shard.opened", "it is in"],
    ["shard.drained", "new disk"],
    ["shard.announced", undefined],
    ["player.kicked", "shouting"],
  ]);
  expect((await root.audit.verify.query()).intact).toBe(true);
}, 60_000);
