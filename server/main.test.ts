import { describe, expect, test } from "bun:test";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createTRPCClient,
  httpBatchStreamLink,
  httpSubscriptionLink,
  splitLink,
} from "@trpc/client";
import { EventSource } from "eventsource";
import superjson from "superjson";
import { ShardPhase } from "#proto/bus_pb.ts";
import { TOPIC_SESSIONS, TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import { LocalBus } from "#shared/infra/bus/local-bus.ts";
import { createLog } from "#shared/infra/log.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import type { AppRouter } from "./app-router.ts";
import { spawnServer } from "./testing/server-process.ts";
import { withHeaders } from "./testing/unsafe.ts";

async function connectBus(url: string, data: string): Promise<LocalBus> {
  const clusterSecret = (await readFile(join(data, "cluster-secret"), "utf8")).trim();
  const log = createLog({ process: "test", write: () => undefined });
  const source = "arena:1:eu-west-1";
  return new LocalBus({ serverUrl: url, clusterSecret, source, clock: systemClock, log });
}

function publishServing(bus: LocalBus, population: number): void {
  bus.publish(TOPIC_SHARDS, {
    case: "shardStatus",
    value: {
      shardKey: "arena:1:eu-west-1",
      world: "arena",
      region: "eu-west-1",
      instance: 1,
      address: "ws://127.0.0.1:7777/game",
      phase: ShardPhase.SERVING,
      population,
      capacity: 100,
      tickRate: 30,
    },
  });
}

function connectClient(url: string, token?: string) {
  const common = { url: `${url}/trpc`, transformer: superjson };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ ...common, EventSource }),
        false: httpBatchStreamLink({
          ...common,
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        }),
      }),
    ],
  });
}

test("a process serves tRPC, subscriptions and the bus, and stops in order", async () => {
  using folder = createTempDir();
  const data = join(folder.path, "data");
  await using server = spawnServer({ TESSERA_DATA: data });
  const url = await server.ready;
  const bus = await connectBus(url, data);
  const revoked: string[] = [];
  bus.subscribe(TOPIC_SESSIONS, ({ payload }) => {
    if (payload.case === "sessionsRevoked") revoked.push(payload.value.playerId);
  });

  const populations: number[] = [];
  const ended = Promise.withResolvers<void>();
  const watching = connectClient(url).worlds.watchPopulation.subscribe(
    { worldId: "arena" },
    {
      onData: ({ data: told }) => populations.push(told.population),
      onConnectionStateChange: ({ state }) => {
        if (state === "connecting" && populations.length > 0) ended.resolve();
      },
    },
  );
  await until("the first population", () => populations.length > 0);
  publishServing(bus, 3);
  await until("the change", () => populations.includes(3));

  const login = await connectClient(url).auth.guest.mutate({ displayName: "Ada" });
  const client = connectClient(url, login.accessToken);
  const [me, joined] = await Promise.all([
    client.players.me.query(),
    client.worlds.join.mutate({ worldId: "arena" }),
  ]);
  expect(me).toEqual(login.player);
  expect(joined.address).toBe("ws://127.0.0.1:7777/game");
  await client.auth.logOut.mutate({ refreshToken: login.refreshToken });
  await until("the end of the session on the bus", () => revoked.includes(me.id));

  server.kill("SIGTERM");
  const { code, stdout, stderr } = await server.end();
  await ended.promise;
  watching.unsubscribe();
  await bus.close();
  expect(stderr).toBe("");
  expect(stdout).toContain("server has stopped");
  expect(code).toBe(0);

  await using again = spawnServer({ TESSERA_DATA: data });
  const back = await connectClient(await again.ready).auth.guest.mutate({});
  expect(back.player.guest).toBe(true);
}, 30_000);

test("the bus wants the cluster secret, and closes on what is no protobuf", async () => {
  using folder = createTempDir();
  await using server = spawnServer({ TESSERA_DATA: folder.path });
  const url = await server.ready;
  const refused = await fetch(`${url}/bus`, { headers: { authorization: "Bearer wrong" } });
  expect(refused.status).toBe(401);
  expect(await refused.text()).toContain("cannot join the bus: the cluster secret is missing or");
  const secret = (await readFile(join(folder.path, "cluster-secret"), "utf8")).trim();
  const authorization = `Bearer ${secret}`;
  expect((await fetch(`${url}/bus`, { headers: { authorization } })).status).toBe(400);
  for (const [message, code] of [
    ["text", 1003],
    [new Uint8Array([255, 255, 255]), 1007],
  ] as const) {
    const socket = new WebSocket(
      `${url.replace("http", "ws")}/bus`,
      withHeaders({ authorization }),
    );
    socket.addEventListener("open", () => socket.send(message));
    const closed = await new Promise<CloseEvent>((resolve) =>
      socket.addEventListener("close", resolve),
    );
    expect(closed.code).toBe(code);
  }
}, 30_000);

describe("a server that cannot start says why", () => {
  const secret = "Zk3vQ9sXw1Lr7Tn5Bc8Hd2Jf6Gp4Ym0A";
  const production = {
    NODE_ENV: "production",
    TESSERA_CLUSTER_SECRET: secret,
    TESSERA_PUBLIC_URL: "https://play.test",
  };
  const wrong: [string, Record<string, string | undefined>, string][] = [
    ["an unknown setting", { TESSERA_PROT: "1" }, "did you mean TESSERA_PORT?"],
    ["a port that is none", { TESSERA_PORT: "http" }, 'cannot use TESSERA_PORT="http": allowed is'],
    [
      "production without a secret",
      { ...production, TESSERA_CLUSTER_SECRET: undefined },
      "cannot start without TESSERA_CLUSTER_SECRET in production",
    ],
    [
      "production with a weak secret",
      { ...production, TESSERA_CLUSTER_SECRET: "x".repeat(40) },
      "cannot use TESSERA_CLUSTER_SECRET=(hidden)",
    ],
    [
      "production without its address",
      { ...production, TESSERA_PUBLIC_URL: undefined },
      "cannot start without TESSERA_PUBLIC_URL in production",
    ],
  ];
  for (const [what, environment, message] of wrong) {
    test(`${what}: code 78`, async () => {
      using folder = createTempDir();
      await using server = spawnServer({ TESSERA_DATA: folder.path, ...environment });
      const { code, stderr } = await server.end();
      expect(stderr).toContain(message);
      expect(stderr).not.toContain("    at ");
      expect(code).toBe(78);
    }, 30_000);
  }

  test("a taken port: the next one in development, code 78 in production", async () => {
    using folder = createTempDir();
    using holder = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const taken = { TESSERA_DATA: folder.path, TESSERA_PORT: String(holder.port) };
    {
      await using server = spawnServer(taken);
      const port = Number(new URL(await server.ready).port);
      expect(port).toBeGreaterThan(Number(holder.port));
      server.kill("SIGINT");
      expect((await server.end()).stdout).toContain(`port ${holder.port} is taken`);
    }
    await using refused = spawnServer({ ...taken, ...production });
    const { code, stderr } = await refused.end();
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${holder.port}: the port is taken; stop`);
    expect(code).toBe(78);
  }, 30_000);

  test("a damaged database is named and left as it is", async () => {
    using folder = createTempDir();
    const place = join(folder.path, "control.db");
    await mkdir(folder.path, { recursive: true });
    await writeFile(place, "not a database ".repeat(400));
    await using server = spawnServer({ TESSERA_DATA: folder.path });
    const { code, stderr } = await server.end();
    expect(stderr).toContain(`cannot open database ${place}: it is damaged or no database`);
    expect(code).toBe(1);
    expect(await readFile(place, "utf8")).toBe("not a database ".repeat(400));
  }, 30_000);

  test("a second server on the same data is told that the first one holds it", async () => {
    using folder = createTempDir();
    await using first = spawnServer({ TESSERA_DATA: folder.path });
    await first.ready;
    await using second = spawnServer({ TESSERA_DATA: folder.path });
    const { code, stderr } = await second.end();
    expect(stderr).toContain("control.db: another process is using it; stop that process");
    expect(code).toBe(1);
  }, 30_000);
});
