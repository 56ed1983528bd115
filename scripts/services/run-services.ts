import { join, resolve } from "node:path";
import { DatabaseError, openDatabase } from "#shared/infra/db/database.ts";
import { runProcess } from "#shared/infra/process.ts";
import { startNatsServer } from "#shared/infra/services/nats-server.ts";
import { startRedisServer } from "#shared/infra/services/redis-server.ts";
import { type SqldPair, startSqldPair } from "#shared/infra/services/sqld-pair.ts";
import { ConfigurationError, type Environment, readSettings } from "#shared/infra/settings.ts";

/** The replica takes the port after it. */
const SQLD_PORT = 8090;
/** Beside those of Redis and NATS, which may run here already. */
const REDIS_PORT = 6380;
const NATS_PORT = 4322;
/** Others that stop have let go of the folder within this time. */
const LOCK_MS_MAX = 1_000;

/** Something that runs until it is stopped. */
interface Running {
  readonly name: string;
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}

interface Broker extends Running {
  readonly url: string;
  readonly folder: string;
}

/** Runs all services until it is told to stop; when one ends by itself, so do the others. */
export async function runServices(environment: Environment): Promise<void> {
  await runProcess("services", async () => {
    const { TESSERA_DATA } = readSettings(["TESSERA_DATA"], environment);
    const folder = resolve(TESSERA_DATA, "services");
    const lock = await lockFolder(folder);
    const missing: string[] = [];
    const all: Running[] = [];
    const stopAll = async () => {
      for (const service of all.toReversed()) await service.stop();
      await lock.close();
    };
    try {
      const pair = await startSqldPair(folder, SQLD_PORT);
      for (const role of ["primary", "replica"] as const) {
        all.push({
          name: `${role} sqld`,
          exited: pair[role].exited,
          stop: () => pair[role].stop(),
        });
      }
      const brokers = await startBrokers(folder, (text) => missing.push(text));
      all.push(...brokers);
      console.log(await describe({ pair, brokers, folder, missing }));
    } catch (error) {
      await stopAll();
      throw error;
    }
    let isStopping = false;
    for (const { name, exited } of all) {
      void exited.then(async (code) => {
        if (isStopping) return;
        isStopping = true;
        console.error(`tessera | the ${name} ended with code ${code}; the others stop`);
        await stopAll();
        process.exit(1);
      });
    }
    return {
      async stop() {
        isStopping = true;
        await stopAll();
        console.log("tessera | services stopped");
      },
    };
  });
}

/** Two that write the same files would ruin them. The lock ends with its process. */
async function lockFolder(folder: string): Promise<{ close(): Promise<void> }> {
  const place = join(folder, "lock.db");
  try {
    return await openDatabase({ place, schema: {}, busyTimeoutMs: LOCK_MS_MAX });
  } catch (cause) {
    if (!(cause instanceof DatabaseError) || cause.reason !== "locked") throw cause;
    throw new ConfigurationError(
      `cannot start services: others run over ${folder}; use those, or set TESSERA_DATA`,
      { cause },
    );
  }
}

/** Those whose programs are here; of the others it is told what is missing. */
async function startBrokers(folder: string, lacks: (text: string) => void): Promise<Broker[]> {
  const kinds = [
    { name: "redis-server", start: startRedisServer, port: REDIS_PORT },
    { name: "nats-server", start: startNatsServer, port: NATS_PORT },
  ];
  const brokers: Broker[] = [];
  for (const { name, start, port } of kinds) {
    const place = join(folder, name);
    try {
      const { service, url } = await start({ folder: place, port });
      const stop = () => service.stop();
      brokers.push({ name, url, folder: place, exited: service.exited, stop });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) {
        for (const broker of brokers) await broker.stop();
        throw error;
      }
      lacks(error.message);
    }
  }
  return brokers;
}

async function describe(parts: {
  pair: SqldPair;
  brokers: readonly Broker[];
  folder: string;
  missing: readonly string[];
}): Promise<string> {
  const { pair, brokers, folder, missing } = parts;
  const { primary, replica, keys } = pair;
  const [writes, reads] = [await keys.sign("rw"), await keys.sign("ro")];
  const line = (name: string, url: string, place: string) =>
    `    ${name.padEnd(14)}${url.padEnd(26)}${place}`;
  return [
    "",
    "  Services are running",
    "",
    line("sqld primary", primary.url, join(folder, "primary")),
    line("sqld replica", replica.url, join(folder, "replica")),
    ...brokers.map(({ name, url, folder: place }) => line(name, url, place)),
    ...missing.map((text) => `    ${text}`),
    "",
    "  Servers and shards meet on a broker with one of these settings:",
    "",
    ...brokers.map(({ url }) => `TESSERA_BUS=${url}`),
    "",
    "  A shard ships to the primary with these settings:",
    "",
    `TESSERA_LIBSQL_URL=${primary.url}`,
    `TESSERA_LIBSQL_TOKEN=${writes}`,
    "",
    "  A standby reads the replica with these and the two above:",
    "",
    `TESSERA_STANDBY_URL=${replica.url}`,
    `TESSERA_STANDBY_TOKEN=${reads}`,
    "",
    "  Each sqld holds one shard's database. Tokens live 30 days. Ctrl-C stops all in order.",
    "",
  ].join("\n");
}
