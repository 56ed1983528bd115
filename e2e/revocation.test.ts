// A login that ended ends its game session, whatever was down when it ended: real processes.
import { expect, test } from "bun:test";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import { GoodbyeReason } from "#proto/frame_pb.ts";
import { CLOSE } from "#shared/net/protocol.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import type { AppRouter } from "../server/app-router.ts";
import { spawnServer } from "../server/testing/server-process.ts";
import { TEST_CLUSTER_SECRET } from "../server/testing/test-server.ts";
import { GameClient } from "../shards/testing/game-client.ts";
import { ShardProcess } from "../shards/testing/shard-process.ts";

const SECRET = { TESSERA_CLUSTER_SECRET: TEST_CLUSTER_SECRET };
const PASSWORD = "correct horse";

function connect(url: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers })],
  });
}

/** Joins the arena as soon as it takes players in. */
async function join(url: string, token: string): Promise<GameClient> {
  const joined = await until("a shard", async () => {
    const answer = connect(url, token).worlds.join.mutate({ worldId: "arena" });
    return await answer.catch(() => undefined);
  });
  return GameClient.join(joined.address, { ticket: joined.ticket });
}

async function isShownOut(client: GameClient): Promise<void> {
  expect((await client.next("goodbye")).reason).toBe(GoodbyeReason.REVOKED);
  expect((await client.ended).code).toBe(CLOSE.revoked);
}

test("security 2: ban, logout and password change close game sockets, and no other's", async () => {
  await using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path, ...SECRET };
  await using server = spawnServer(environment);
  const url = await server.ready;
  await using _shard = new ShardProcess([], { ...environment, TESSERA_SERVER_URL: url });
  const api = connect(url);
  const register = (username: string) => api.auth.register.mutate({ username, password: PASSWORD });
  const stays = await api.auth.guest.mutate({});
  using witness = await join(url, stays.accessToken);

  const leaver = await api.auth.guest.mutate({});
  using left = await join(url, leaver.accessToken);
  await api.auth.logOut.mutate(leaver);
  await isShownOut(left);

  const ada = await register("Ada");
  using changed = await join(url, ada.accessToken);
  const passwords = { currentPassword: PASSWORD, newPassword: "battery staple" };
  await connect(url, ada.accessToken).auth.changePassword.mutate(passwords);
  await isShownOut(changed);

  const log = await until(
    "the set-up link",
    async () => server.said().match(/#setup=([\w-]+)/)?.[1],
  );
  const root = await api.auth.setUp.mutate({ token: log, username: "Root", password: PASSWORD });
  const eve = await register("Eve");
  using banned = await join(url, eve.accessToken);
  const ban = { playerId: eve.player.id, reason: "speed hack" };
  await connect(url, root.accessToken).users.ban.mutate(ban);
  await isShownOut(banned);

  await witness.acknowledged(witness.move(1, 0));
}, 60_000);

test("security 2: an end that the shard was not told of is learned", async () => {
  await using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path, ...SECRET };
  let url = "";
  {
    await using server = spawnServer(environment);
    url = await server.ready;
    await using shard = new ShardProcess([], { ...environment, TESSERA_SERVER_URL: url });
    const login = await connect(url).auth.guest.mutate({});
    const other = await connect(url).auth.guest.mutate({});
    using client = await join(url, login.accessToken);
    using witness = await join(url, other.accessToken);
    server.kill("SIGKILL");
    await server.end();
    const port = new URL(url).port;
    await using again = spawnServer({ ...environment, TESSERA_PORT: port });
    // At once: the shard's end of the bus is not back yet.
    await connect(await again.ready).auth.logOut.mutate(login);
    await isShownOut(client);
    await witness.acknowledged(witness.move(1, 0));
    expect(shard.output).not.toContain("error");
  }
}, 60_000);

test("security 2: an end while the shard was dead is learned when the player resumes", async () => {
  await using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path, ...SECRET };
  await using server = spawnServer(environment);
  const url = await server.ready;
  const own = { ...environment, TESSERA_SERVER_URL: url };
  const login = await connect(url).auth.guest.mutate({});
  const other = await connect(url).auth.guest.mutate({});
  const tokens: string[] = [];
  {
    await using shard = new ShardProcess([], own);
    for (const { accessToken } of [login, other]) {
      using client = await join(url, accessToken);
      await client.acknowledged(client.move(1, 0));
      tokens.push(client.welcome?.resumeToken ?? "");
    }
    shard.child.kill("SIGKILL");
    await shard.ended();
  }
  await connect(url).auth.logOut.mutate(login);
  await using shard = new ShardProcess([], own);
  await shard.says("shard is serving");
  const address = shard.addresses("arena:1:eu-west-1").at(-1) ?? "";
  using gone = await GameClient.join(address, { resumeToken: tokens[0] ?? "" });
  using back = await GameClient.join(address, { resumeToken: tokens[1] ?? "" });
  await isShownOut(gone);
  await back.acknowledged(back.move(1, 0));
}, 60_000);
