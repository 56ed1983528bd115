import { describe, expect, test } from "bun:test";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerRole } from "#shared/model/players.ts";
import { type AppRouter, appRouter } from "./app-router.ts";
import { type Context, createContext } from "./context.ts";
import { listRestRoutes } from "./http/rest.ts";
import { createTestServer, TEST_CLUSTER_SECRET } from "./testing/test-server.ts";
import {
  adminProcedure,
  createCallerFactory,
  moderatorProcedure,
  type ProcedureLevel,
  playerProcedure,
  publicProcedure,
  router,
  serviceProcedure,
} from "./trpc.ts";
import { callProcedure, listProcedures } from "./unsafe.ts";

/** Every procedure and who may call it: a new one must be written down here. */
const levels: Record<string, ProcedureLevel> = {
  "admin.sendEvent": "admin",
  "admin.configuration": "admin",
  "audit.query": "admin",
  "audit.verify": "admin",
  "auth.register": "public",
  "auth.logIn": "public",
  "auth.guest": "public",
  "auth.refresh": "public",
  "auth.logOut": "public",
  "auth.logInDevice": "public",
  "auth.listProviders": "public",
  "auth.beginOidc": "public",
  "auth.finishOidc": "public",
  "auth.logInWith": "public",
  "auth.setUp": "public",
  "auth.upgrade": "player",
  "auth.changePassword": "player",
  "auth.beginTotp": "player",
  "auth.confirmTotp": "player",
  "auth.disableTotp": "player",
  "auth.setEmail": "player",
  "auth.verifyEmail": "public",
  "auth.requestPasswordReset": "public",
  "auth.resetPassword": "public",
  "auth.linkDevice": "player",
  "auth.unlinkDevices": "player",
  "auth.listSessions": "player",
  "auth.endSession": "player",
  "auth.createStreamTicket": "player",
  "auth.listKeys": "admin",
  "auth.rotateKeys": "admin",
  "auth.listEndedSessions": "service",
  "auth.logOutEverywhere": "player",
  "chat.send": "player",
  "chat.history": "player",
  "chat.follow": "player",
  "chat.announce": "moderator",
  "chat.listBlocks": "player",
  "chat.block": "player",
  "chat.unblock": "player",
  "chat.mute": "moderator",
  "chat.unmute": "moderator",
  "chat.report": "player",
  "chat.listReports": "moderator",
  "chat.closeReport": "moderator",
  "chat.listStandings": "service",
  "chat.relay": "service",
  "events.types": "public",
  "events.query": "player",
  "events.statistics": "player",
  "events.follow": "player",
  "groups.create": "player",
  "groups.search": "player",
  "groups.mine": "player",
  "groups.get": "player",
  "groups.update": "player",
  "groups.disband": "player",
  "groups.join": "player",
  "groups.accept": "player",
  "groups.decline": "player",
  "groups.leave": "player",
  "groups.members": "player",
  "groups.remove": "player",
  "groups.setRole": "player",
  "groups.handOver": "player",
  "groups.offers": "player",
  "groups.invite": "player",
  "groups.admit": "player",
  "groups.cancel": "player",
  "groups.forceUpdate": "moderator",
  "groups.forceDisband": "moderator",
  "leaderboards.list": "player",
  "leaderboards.get": "player",
  "leaderboards.top": "player",
  "leaderboards.around": "player",
  "leaderboards.history": "player",
  "leaderboards.seasons": "player",
  "leaderboards.create": "admin",
  "leaderboards.endSeason": "admin",
  "leaderboards.delete": "admin",
  "leaderboards.ensure": "service",
  "leaderboards.submit": "service",
  "leases.list": "admin",
  "leases.get": "admin",
  "leases.find": "service",
  "leases.acquire": "service",
  "leases.renew": "service",
  "leases.release": "service",
  "players.me": "player",
  "players.rename": "player",
  "positions.near": "moderator",
  "presence.list": "moderator",
  "presence.get": "player",
  "storage.list": "player",
  "storage.get": "player",
  "storage.read": "player",
  "storage.write": "player",
  "storage.delete": "player",
  "storage.listFor": "service",
  "storage.readFor": "service",
  "storage.writeFor": "service",
  "storage.deleteFor": "service",
  "shards.list": "moderator",
  "shards.drain": "admin",
  "shards.stop": "admin",
  "shards.broadcast": "admin",
  "users.kick": "moderator",
  "users.search": "moderator",
  "users.get": "moderator",
  "users.setRole": "admin",
  "users.ban": "moderator",
  "users.unban": "moderator",
  "webhooks.list": "admin",
  "webhooks.get": "admin",
  "webhooks.create": "admin",
  "webhooks.update": "admin",
  "webhooks.delete": "admin",
  "webhooks.rotateSecret": "admin",
  "webhooks.test": "admin",
  "webhooks.deliveries": "admin",
  "worlds.list": "public",
  "worlds.get": "public",
  "worlds.join": "player",
  "worlds.watchPopulation": "public",
};

const procedures = listProcedures(appRouter);

test("security 1: every procedure is known with its level", () => {
  const found = Object.fromEntries(procedures.map(({ path, meta }) => [path, meta.level]));
  expect(found).toEqual(levels);
});

test("every procedure but subscriptions is a REST route", () => {
  const routed = listRestRoutes().map(({ procedure }) => procedure);
  const expected = procedures.filter(({ type }) => type !== "subscription");
  expect(routed).toEqual(expected.map(({ path }) => path));
});

for (const { path, meta } of procedures.filter(({ meta }) => meta.level !== "public")) {
  test(`security 1: ${path} refuses a caller without a login before the input`, async () => {
    await using server = await createTestServer();
    const call = callProcedure(path, createNobody(server.deps), { nonsense: true });
    await expect(call).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(meta.openapi?.protect ?? true).toBe(true);
  });
}

describe("levels", () => {
  const probe = router({
    public: publicProcedure.query(() => "in"),
    player: playerProcedure.query(() => "in"),
    moderator: moderatorProcedure.query(() => "in"),
    admin: adminProcedure.query(() => "in"),
    service: serviceProcedure.query(() => "in"),
  });
  const callers = ["nobody", "player", "moderator", "admin", "service"] as const;
  const allowed: Record<ProcedureLevel, readonly string[]> = {
    public: callers,
    player: ["player", "moderator", "admin"],
    moderator: ["moderator", "admin"],
    admin: ["admin"],
    service: ["service"],
  };
  for (const level of ["public", "player", "moderator", "admin", "service"] as const) {
    test(`${level} lets in ${allowed[level].join(", ")}`, async () => {
      await using server = await createTestServer();
      const { player } = await server.guest();
      const created = await server.deps.authenticate((await server.guest()).accessToken);
      for (const who of callers) {
        const nobody = createNobody(server.deps);
        const role = (who === "nobody" || who === "service" ? "player" : who) satisfies PlayerRole;
        const actor = { ...created, playerId: player.id, role };
        const context: Context =
          who === "nobody"
            ? nobody
            : who === "service"
              ? { ...nobody, service: true }
              : { ...nobody, actor };
        const answer = createCallerFactory(probe)(context)[level]();
        if (allowed[level].includes(who)) expect(await answer).toBe("in");
        else {
          const needsLogin = who === "nobody" || who === "service" || level === "service";
          const code = needsLogin ? "UNAUTHORIZED" : "FORBIDDEN";
          await expect(answer).rejects.toMatchObject({ code });
        }
      }
    });
  }
});

test("the cluster secret makes a service, any other secret nobody", async () => {
  await using server = await createTestServer();
  const from = (secret: string) =>
    createContext(
      server.deps,
      new Request("http://server.test", { headers: { authorization: `Bearer ${secret}` } }),
      { address: "10.0.0.1", quota: server.deps.limits.begin([]) },
    );
  expect((await from(TEST_CLUSTER_SECRET)).service).toBe(true);
  const other = await from(`${TEST_CLUSTER_SECRET}x`);
  expect(other.service).toBe(false);
  expect(other.refusal).toBeInstanceOf(AppError);
});

test("clients can infer inputs and outputs from the type alone", () => {
  type Inputs = inferRouterInputs<AppRouter>;
  type Outputs = inferRouterOutputs<AppRouter>;
  const input: Inputs["worlds"]["join"] = { worldId: "arena", region: "eu-west-1" };
  const read = (joined: Outputs["worlds"]["join"]): string => joined.ticket;
  expect(input.worldId).toBe("arena");
  expect(read).toBeFunction();
});

function createNobody(deps: Context["deps"]): Context {
  return {
    deps,
    actor: null,
    refusal: null,
    service: false,
    caller: { address: "10.0.0.1", device: "" },
  };
}
