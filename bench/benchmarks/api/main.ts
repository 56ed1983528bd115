// What the benchmark `api` puts under load: the server's whole app, or a bare tRPC handler with the
// same query on the same database. The bare one knows nobody, limits nothing and measures nothing.
import { join } from "node:path";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import superjson from "superjson";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { migrationFolders } from "#shared/infra/db/data-folder.ts";
import { migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/control.ts";
import { createLog } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { Credentials } from "#shared/model/auth.ts";
import { Player } from "#shared/model/players.ts";
import { systemClock } from "#shared/time/clock.ts";
import { createApp } from "../../../server/app.ts";
import { createDeps } from "../../../server/create-deps.ts";
import { getPlayer } from "../../../server/domains/players/get-player.ts";

const [, , form, folder = ""] = process.argv;
/** One account makes all calls, many more than one may. */
const LIMIT_FACTOR = 10_000;

const clock = systemClock;
const database = await openDatabase({ place: join(folder, `${form}.db`), schema });
await migrateDatabase(database, migrationFolders.control);
const deps = await createDeps({
  database,
  clock,
  bus: new LocalHub({ clock, source: "server" }),
  log: createLog({ process: "server", level: "warning" }),
  metrics: createMetrics({ process: "server", clock }),
  clusterSecret: "a-cluster-secret-for-the-benchmark-alone",
  stopping: new AbortController().signal,
  limitFactor: LIMIT_FACTOR,
});
const app = createApp(deps, {
  mode: "production",
  allowedOrigins: [],
  addressOf: () => "127.0.0.1",
});
const credentials = await logIn();
const actor = await deps.authenticate(credentials.accessToken);

const t = initTRPC.create({ transformer: superjson, isDev: false });
const bareRouter = t.router({
  players: t.router({ me: t.procedure.output(Player).query(() => getPlayer(deps, actor)) }),
});

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch:
    form === "bare"
      ? (req) => fetchRequestHandler({ endpoint: "/trpc", req, router: bareRouter })
      : (request) => app.fetch(request),
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url: server.url.href, token: credentials.accessToken });

async function logIn(): Promise<Credentials> {
  const request = new Request("http://127.0.0.1/api/auth/guest", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  return Credentials.parse(await (await app.handle(request)).json());
}
