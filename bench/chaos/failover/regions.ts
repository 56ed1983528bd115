// A deployment over two regions. The server is in neither. The one region has a sqld, the other a
// sqld that is its replica; both have a shard of the same key, of which one owns the world and the
// other stands by.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { copyDatabaseFiles } from "#shared/infra/db/copy-files.ts";
import { shardDatabasePath } from "#shared/infra/db/data-folder.ts";
import { openDatabase } from "#shared/infra/db/database.ts";
import type { Sqld } from "#shared/infra/services/sqld.ts";
import { startSqldPair } from "#shared/infra/services/sqld-pair.ts";
import { SupervisedProcess } from "#shared/infra/supervision/supervised-process.ts";
import type { Clock } from "#shared/time/clock.ts";
import { openScratchFolder } from "../../run/scratch-folder.ts";
import { pause } from "../run/waiting.ts";
import { LoneShard } from "./lone-shard.ts";

const SHARD_KEY = "arena:1:eu-west-1";
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
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  #shard: LoneShard | undefined;
  #copies = 0;

  constructor(options: {
    name: string;
    sqld: Sqld;
    folder: string;
    environment: Readonly<Record<string, string>>;
    clock: Clock;
  }) {
    this.name = options.name;
    this.sqld = options.sqld;
    this.#folder = options.folder;
    this.#environment = { ...options.environment, TESSERA_DATA: options.folder };
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

  /** The last tick that its shard has committed, by its database; while it does not run. */
  async committedTick(): Promise<number> {
    const copy = join(this.#folder, `copy-${this.#copies}.db`);
    this.#copies += 1;
    copyDatabaseFiles(shardDatabasePath(this.#folder, SHARD_KEY), copy);
    await using database = await openDatabase({ place: copy, schema: {} });
    const { rows } = await database.client.execute("SELECT tick FROM progress");
    return Number(rows[0]?.[0]);
  }

  /** Ends all at once, without waiting for it. */
  abandon(): void {
    this.#shard?.signal("SIGKILL");
    void this.sqld.kill();
  }

  async stop(): Promise<void> {
    this.#shard?.signal("SIGCONT");
    this.#shard?.signal("SIGTERM");
    await this.#shard?.ended();
  }
}

/** Both regions and the server; disposing it stops all and removes their data. */
export class Regions implements AsyncDisposable {
  readonly #parts: AsyncDisposable;
  readonly serverUrl: string;
  readonly east: Region;
  readonly west: Region;
  /** Reads what the primary holds. */
  readonly primary: { url: string; authToken: string };

  private constructor(
    regions: { serverUrl: string; east: Region; west: Region; readToken: string },
    parts: AsyncDisposable,
  ) {
    this.#parts = parts;
    this.serverUrl = regions.serverUrl;
    this.east = regions.east;
    this.west = regions.west;
    this.primary = { url: regions.east.sqld.url, authToken: regions.readToken };
  }

  /** Starts the servers; the shards are the caller's to start. */
  static async start({ clock, clients }: { clock: Clock; clients: number }): Promise<Regions> {
    await using parts = new AsyncDisposableStack();
    const abandoned: (() => void)[] = [];
    const { path: folder } = parts.use(
      openScratchFolder("chaos", () => {
        for (const abandon of abandoned) abandon();
      }),
    );
    const sqlds = parts.use(await startSqldPair(join(folder, "sqld")));
    const secret = randomBytes(32).toString("base64url");
    const server = createServer({ clock, folder, secret });
    abandoned.push(() => server.process.kill());
    parts.defer(async () => void (await server.process.stop(STOP_MS_MAX)));
    const url = await Promise.race([server.process.start(), server.failing]);
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
      const environment = { ...common, TESSERA_STANDBY_URL: sqld.url };
      const region = new Region({ name, sqld, clock, folder: join(folder, name), environment });
      abandoned.push(() => region.abandon());
      parts.defer(() => region.stop());
      return region;
    };
    const east = regionOf("east", sqlds.primary);
    const west = regionOf("west", sqlds.replica);
    return new Regions({ serverUrl: url.origin, east, west, readToken }, parts.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

function createServer(options: { clock: Clock; folder: string; secret: string }): {
  process: SupervisedProcess;
  failing: Promise<never>;
} {
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
  // Whoever has it stopped does not hear of it.
  failing.promise.catch(() => undefined);
  return { process: server, failing: failing.promise };
}
