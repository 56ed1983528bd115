/** The server process: puts the parts together, starts them, stops them in order. */
import { join } from "node:path";
import { migrationFolders } from "#shared/infra/db/data-folder.ts";
import { migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/control.ts";
import { createLog, type Log } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { type RunningProcess, reportReady, runProcess } from "#shared/infra/process.ts";
import { systemClock } from "#shared/time/clock.ts";
import packageJson from "../package.json" with { type: "json" };
import { createApp } from "./app.ts";
import { readConfig, type ServerConfig } from "./config.ts";
import { closePictures, createDeps } from "./create-deps.ts";
import { createMailer } from "./create-mailer.ts";
import type { ServerDeps } from "./deps.ts";
import { keepTokensTidy } from "./domains/auth/index.ts";
import { lookUpHost } from "./domains/webhooks/index.ts";
import { followRegions } from "./follow-regions.ts";
import { ACCOUNT_PATH } from "./http/account-page.ts";
import { createClientAddresses } from "./http/client-address.ts";
import { TrustedProxies } from "./http/trusted-proxies.ts";
import { listen } from "./listen.ts";
import { openBrokers } from "./open-brokers.ts";
import { tellEvents } from "./tell-events.ts";

const UNTRUSTED_PROXY =
  "a proxy on this machine is not trusted, so callers behind it are not limited; name it in " +
  "TESSERA_TRUSTED_PROXIES, for example 127.0.0.1";

const VERSION = packageJson.version;
const ROOT = join(import.meta.dir, "..");
const PLAY_ENTRY = join(ROOT, "client/demo/index.html");

/** Requests that run when the stop begins get this long to end. */
const DRAIN_MS_MAX = 1_000;

await runProcess("server", start);

async function start(): Promise<RunningProcess> {
  const clock = systemClock;
  const config = readConfig(process.env);
  const { mode, host, port, clusterSecret, allowedOrigins } = config;
  const log = createLog({ process: "server", level: config.logLevel, mode });
  const metrics = createMetrics({ process: "server", clock });
  const database = await openDatabase({ place: config.databasePath, schema });
  await migrateDatabase(database, migrationFolders.control);
  const regions = await followRegions({ folder: config.regionFolder, database, clock, log });

  const about = { regions: regions.files, clock, log, metrics };
  const { bus, hub, close, ...shared } = await openBrokers(config, about);
  const stopping = new AbortController();
  const deps = await createDeps({
    database,
    bus,
    clock,
    log,
    metrics,
    clusterSecret,
    stopping: stopping.signal,
    mailer: createMailer(config, log),
    webhookNetwork: { allowLoopback: config.webhookLoopback, lookup: lookUpHost },
    ...shared,
    ...picked(config),
  });
  bus.guard((message) => deps.epochs.isCurrent(message));
  const stopTidying = keepTokensTidy(deps);
  const stopEvents = await tellEvents(deps, { days: config.eventDays, version: VERSION });
  const addresses = createAddresses(config, log);
  const routes = { mode, allowedOrigins, playEntry: PLAY_ENTRY, addressOf: addresses.of };
  const app = createApp(deps, { ...routes, inboundSecret: config.inboundSecret });
  const server = await listen({
    host,
    port,
    mode,
    hub,
    clusterSecret,
    fetch(request, address) {
      addresses.set(request, address);
      return app.fetch(request);
    },
  });
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
  if (port !== 0 && server.port !== port) log.warning(`port ${port} is taken`, { using: url });
  deps.mail.start(config.publicUrl ?? url);
  await offerSetUp(deps, config.publicUrl ?? url);
  log.info("server is ready", { url, data: config.data });
  reportReady({ url, publicUrl: config.publicUrl ?? url });

  return {
    async stop() {
      log.info("server stops");
      stopping.abort();
      // A log-out among the last requests still has to reach the shards.
      await drain(server.stop());
      await stopEvents();
      await close();
      await server.stop(true);
      stopTidying();
      regions.stop();
      await deps.mail.stop();
      await closePictures(deps);
      metrics.close();
      await deps.databaseHold.end();
      await database.close();
      log.info("server has stopped");
    },
  };
}

function picked({ staffTotp, limitFactor, identity, described }: ServerConfig) {
  return { staffTotp, limitFactor, identity, configuration: described };
}

function createAddresses({ trustedProxies }: ServerConfig, log: Log) {
  return createClientAddresses({
    proxies: new TrustedProxies(trustedProxies),
    onUntrustedProxy: () => log.warning(UNTRUSTED_PROXY),
  });
}

async function drain(ended: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = systemClock.schedule(DRAIN_MS_MAX, resolve);
  await Promise.race([ended, promise]);
  cancel();
}

/** A deployment has no account of its own: whoever reads this line makes the first one. */
async function offerSetUp({ setUpLink, database, log }: ServerDeps, at: string): Promise<void> {
  const token = await setUpLink.open(database);
  if (token === undefined) return;
  log.info("nobody administers this deployment yet; this link, good once, makes who does", {
    link: `${at}${ACCOUNT_PATH}#setup=${token}`,
  });
}
