// A deployment over two regions. The server is in neither. The one region has a sqld, the other a
// sqld that is its replica; both have a shard of the same key, of which one owns the world and the
// other stands by.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sqld } from "#shared/infra/services/sqld.ts";
import { type SqldPair, startSqldPair } from "#shared/infra/services/sqld-pair.ts";
import { SupervisedProcess } from "#shared/infra/supervision/supervised-process.ts";
import type { Clock } from "#shared/time/clock.ts";
import { pause } from "../run/waiting.ts";
import { LoneShard } from "./lone-shard.ts";

const SERVER = join(import.meta.dir, "../../../server/main.ts");
const STOP_MS_MAX = 8_000;
/** For whatever must happen before a trial can go on. */
const WAIT_MS_MAX = 60_000;
const LOOK_MS = 20;
/** One that has caught up is behind by what the owner told of since. */
const LAG_TICKS_MAX = 30;

/** One of the two. */
export class Region {
  readonly name: string;
  readonly sqld: Sqld;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  #shard: LoneShard | undefined;

  constructor(options: {
    name: string;
    sqld: Sqld;
    environment: Readonly<Record<string, string>>;
    clock: Clock;
  }) {
    this.name = options.name;
    this.sqld = options.sqld;
    this.#environment = options.environment;
    this.#clock = options.clock;
  }

  get shard(): LoneShard {
    if (this.#shard === undefined) throw new Error(`cannot use ${this.name}: nothing runs there`);
    return this.#shard;
  }

  /** Starts its shard; one that serves, unless flags say otherwise. */
  start(flags: readonly string[] = []): LoneShard {
    this.#shard = new LoneShard(flags, this.#environment);
    return this.#shard;
  }

  /** Starts its shard as a standby, and waits until it could take over. */
  async standBy(): Promise<void> {
    const shard = this.start(["--standby"]);
    await this.waitFor("a standby that follows", async () => {
      const health = await shard.health();
      const isThere = Number(health?.lag_ticks) < LAG_TICKS_MAX;
      return isThere && health?.can_take_over === true && health.replica === "following";
    });
  }

  /** Waits; throws with what the shard said when it takes too long or the shard ends. */
  async waitFor(what: string, isDone: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = this.#clock.monotonicMs() + WAIT_MS_MAX;
    while (!(await isDone())) {
      const { exitCode, output } = this.shard;
      if (exitCode !== undefined || this.#clock.monotonicMs() > endMs) {
        const end = exitCode === undefined ? "it runs on" : `it ended with ${exitCode}`;
        throw new Error(`cannot wait for ${what} in ${this.name}: ${end}, and said\n${output}`);
      }
      await pause(this.#clock, LOOK_MS);
    }
  }

  /** The whole region at once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.shard.signal("SIGKILL");
    await Promise.all([this.sqld.kill(), this.shard.ended()]);
  }

  async stop(): Promise<void> {
    this.#shard?.signal("SIGCONT");
    this.#shard?.signal("SIGTERM");
    await this.#shard?.ended();
  }
}

/** Both regions and the server; disposing it stops all and removes their data. */
export class Regions implements AsyncDisposable {
  readonly #folder: string;
  readonly #sqlds: SqldPair;
  readonly #server: SupervisedProcess;
  readonly serverUrl: string;
  readonly east: Region;
  readonly west: Region;
  /** Reads what the primary holds. */
  readonly primary: { url: string; authToken: string };

  private constructor(parts: {
    folder: string;
    sqlds: SqldPair;
    server: SupervisedProcess;
    serverUrl: string;
    east: Region;
    west: Region;
    readToken: string;
  }) {
    this.#folder = parts.folder;
    this.#sqlds = parts.sqlds;
    this.#server = parts.server;
    this.serverUrl = parts.serverUrl;
    this.east = parts.east;
    this.west = parts.west;
    this.primary = { url: parts.sqlds.primary.url, authToken: parts.readToken };
  }

  /** Starts the servers; the shards are the caller's to start. */
  static async start({ clock, clients }: { clock: Clock; clients: number }): Promise<Regions> {
    const folder = mkdtempSync(join(tmpdir(), "tessera-chaos-"));
    const sqlds = await startSqldPair(join(folder, "sqld"));
    const secret = randomBytes(32).toString("base64url");
    const { server, url } = await startServer({ clock, folder, secret });
    const readToken = await sqlds.keys.sign("ro");
    const common = {
      TESSERA_SERVER_URL: url.origin,
      TESSERA_CLUSTER_SECRET: secret,
      TESSERA_SHARD_PORT: "0",
      TESSERA_CONNECTIONS_PER_IP: String(clients + 10),
      TESSERA_LIBSQL_URL: sqlds.primary.url,
      TESSERA_LIBSQL_TOKEN: await sqlds.keys.sign("rw"),
      TESSERA_STANDBY_TOKEN: readToken,
    };
    const regionOf = (name: string, sqld: Sqld) => {
      const own = { TESSERA_DATA: join(folder, name), TESSERA_STANDBY_URL: sqld.url };
      return new Region({ name, sqld, clock, environment: { ...common, ...own } });
    };
    const east = regionOf("east", sqlds.primary);
    const west = regionOf("west", sqlds.replica);
    return new Regions({ folder, sqlds, server, serverUrl: url.origin, east, west, readToken });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.east.stop(), this.west.stop()]);
    await this.#server.stop(STOP_MS_MAX);
    await this.#sqlds[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function startServer(options: {
  clock: Clock;
  folder: string;
  secret: string;
}): Promise<{ server: SupervisedProcess; url: URL }> {
  const { clock, folder, secret } = options;
  const { PATH, HOME } = process.env;
  const failing = Promise.withResolvers<never>();
  const server = new SupervisedProcess(
    {
      name: "server",
      parameters: [SERVER],
      environment: {
        PATH,
        HOME,
        TESSERA_DATA: join(folder, "server"),
        TESSERA_PORT: "0",
        TESSERA_CLUSTER_SECRET: secret,
        TESSERA_LOG_LEVEL: "warning",
      },
      pin: (port) => ({ TESSERA_PORT: port }),
    },
    {
      clock,
      write: () => undefined,
      failed: (_, reason) => failing.reject(new Error(`cannot go on: ${reason}`)),
    },
  );
  return { server, url: await Promise.race([server.start(), failing.promise]) };
}
