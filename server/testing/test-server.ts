/** A whole server without a port: its app on an in-memory database and a clock that stands. */
import { join } from "node:path";
import type { AnyTRPCRouter } from "@trpc/server";
import { z } from "zod";
import { ShardPhase } from "#proto/bus_pb.ts";
import { TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/control.ts";
import { createLog } from "#shared/infra/log.ts";
import type { Mailer } from "#shared/infra/mail/mailer.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { RegionFile } from "#shared/infra/region-file.ts";
import type { Mode } from "#shared/infra/settings.ts";
import { Credentials } from "#shared/model/auth.ts";
import type { DescribedSetting } from "#shared/model/configuration.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createApp } from "../app.ts";
import { closePictures, createDeps } from "../create-deps.ts";
import type { IdentitySettings } from "../domains/auth/index.ts";
import type { WebhookNetwork } from "../domains/webhooks/index.ts";
import { updateWorlds } from "../domains/worlds/index.ts";
import { tellEvents } from "../tell-events.ts";

export const TEST_CLUSTER_SECRET = "test-cluster-secret-0123456789abcdef";
const ErrorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const MIGRATIONS = join(import.meta.dir, "../../shared/infra/db/migrations/control");

export interface TestServerOptions {
  readonly mode?: Mode;
  readonly allowedOrigins?: readonly string[];
  readonly playEntry?: string;
  /** `:memory:` unless a test looks at what survives. */
  readonly place?: string;
  /** For a libSQL server at `place`. */
  readonly authToken?: string;
  readonly requestMsMax?: number;
  readonly clock?: FakeClock;
  readonly limitFactor?: number;
  readonly webhookNetwork?: WebhookNetwork;
  readonly inboundSecret?: string;
  readonly mailer?: Mailer;
  readonly identity?: IdentitySettings;
  readonly staffTotp?: "required" | "optional";
  readonly configuration?: readonly DescribedSetting[];
  readonly router?: AnyTRPCRouter;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON. */
  readonly body: unknown;
}

export interface Call {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

export type TestServer = Awaited<ReturnType<typeof createTestServer>>;

/** Builds it; `await using` takes it down. */
export async function createTestServer(options: TestServerOptions = {}) {
  const { mode = "development", allowedOrigins = [], playEntry, place = ":memory:" } = options;
  const clock = options.clock ?? new FakeClock();
  const lines: string[] = [];
  const log = createLog({ process: "server", level: "debug", write: (line) => lines.push(line) });
  const metrics = createMetrics({ process: "server" });
  const database = await openControl(place, options);
  const region = { region: "eu-west-1", title: "Europe", worlds: [{ world: "arena" }] };
  await updateWorlds({ database, clock }, [RegionFile.parse(region)]);
  const hub = new LocalHub({ clock, source: "server" });
  const stopping = new AbortController();
  const clusterSecret = TEST_CLUSTER_SECRET;
  const parts = { database, bus: hub, clock, log, metrics, clusterSecret, mailer: options.mailer };
  const { staffTotp = "optional", identity = { mode }, limitFactor = 1 } = options;
  const { webhookNetwork, configuration = [] } = options;
  const given = { staffTotp, identity, limitFactor, webhookNetwork, configuration };
  const deps = await createDeps({ ...parts, ...given, stopping: stopping.signal });
  hub.guard((message) => deps.epochs.isCurrent(message));
  const stopEvents = await tellEvents(deps, { days: 30 });
  const addressOf = (request: Request) => request.headers.get("x-test-address") ?? "10.0.0.1";
  const app = createApp(deps, {
    mode,
    allowedOrigins,
    addressOf,
    inboundSecret: options.inboundSecret,
    ...(playEntry !== undefined && { playEntry }),
    ...(options.router !== undefined && { router: options.router }),
  });

  async function call(method: string, path: string, given: Call = {}): Promise<Answer> {
    const headers = new Headers(given.headers);
    if (given.token !== undefined) headers.set("authorization", `Bearer ${given.token}`);
    const init: RequestInit = { method, headers };
    if (given.body !== undefined) {
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
      init.body = typeof given.body === "string" ? given.body : JSON.stringify(given.body);
    }
    const response = await app.handle(new Request(`http://server.test${path}`, init));
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== "" ? JSON.parse(text) : text,
    };
  }

  return {
    app,
    deps,
    clock,
    hub,
    log: lines,
    stopping,
    call,
    guest: async (displayName = "Ada"): Promise<Credentials> =>
      readCredentials(await call("POST", "/api/auth/guest", { body: { displayName } })),
    publishShard: (status: ShardStatusOptions = {}) => publishShard(hub, status),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await deps.mail.stop();
      await stopEvents();
      await closePictures(deps);
      metrics.close();
      await database.close();
    },
  };
}

async function openControl(place: string, { authToken, requestMsMax }: TestServerOptions) {
  const database = await openDatabase({
    place,
    schema,
    ...(authToken !== undefined && { authToken }),
    ...(requestMsMax !== undefined && { requestMsMax }),
  });
  await migrateDatabase(database, MIGRATIONS);
  return database;
}

export interface ShardStatusOptions {
  readonly region?: string;
  readonly instance?: number;
  readonly phase?: ShardPhase;
  readonly population?: number;
  readonly capacity?: number;
}

function publishShard(hub: LocalHub, status: ShardStatusOptions): void {
  const { region = "eu-west-1", instance = 1, population = 0, capacity = 100 } = status;
  hub.publish(TOPIC_SHARDS, {
    case: "shardStatus",
    value: {
      shardKey: `arena:${instance}:${region}`,
      world: "arena",
      region,
      instance,
      address: `ws://127.0.0.1:${7776 + instance}/game`,
      phase: status.phase ?? ShardPhase.SERVING,
      population,
      capacity,
      tickRate: 30,
      startedAtMs: 1_800_000_000_000n,
    },
  });
}

/** Checks that an answer is a login. */
export function readCredentials(answer: Answer): Credentials {
  if (answer.status !== 200) throw new Error(`expected a login, got ${JSON.stringify(answer)}`);
  return Credentials.parse(answer.body);
}

/** The error envelope's code and message. */
export function readError(answer: Answer): { code: string; message: string } {
  return ErrorSchema.parse(answer.body).error;
}
