import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { createLog, type Log } from "#shared/infra/log.ts";
import { formatShardKey, RegionId, type ShardKey, WorldId } from "#shared/model/ids.ts";
import { type Clock, systemClock } from "#shared/time/clock.ts";
import type { ChatServer } from "../chat/chat-server.ts";
import type { ShardConfig } from "../config.ts";
import type { LeaseAuthority } from "../region/lease-authority.ts";
import { LeaseKeeper } from "../region/lease-keeper.ts";
import { standBy } from "../replication/standby/standby.ts";
import { type Shard, startShard } from "../shard.ts";
import { PaperAuthority } from "./paper-authority.ts";

const REGION = RegionId.parse("eu-west-1");
const ARENA = WorldId.parse("arena");

export interface TicketOptions {
  name?: string;
  ticketId?: string;
  /** Seconds from now, negative for one that has expired. */
  expiresIn?: number;
  audience?: string;
}

/**
 * A real shard on a free port over a database in a temporary folder, with keys of its own in place
 * of a server's. It can be stopped and started again over the same database.
 */
export class ShardFixture implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "tessera-shard-"));
  readonly hub: LocalHub;
  /** What the shard asks about chat, from its next start on. */
  chat: ChatServer | undefined;
  readonly failures: string[] = [];
  /** Why the shard had to give up. */
  readonly losses: string[] = [];
  readonly #authority: LeaseAuthority;
  readonly #lines: string[] = [];
  readonly #log: Log = createLog({ process: "shard", write: (line) => this.#lines.push(line) });
  readonly #keys: CryptoKeyPair;
  readonly #config: Partial<ShardConfig>;
  readonly #clock: Clock;
  #stopping = new AbortController();
  #shard: Shard | undefined;
  /** For one that stands by: resolves when it serves; rejects when it cannot go on. */
  serving: Promise<void> = Promise.resolve();
  /** Where it answers while it stands by. */
  standbyPort = 0;

  private constructor(
    config: Partial<ShardConfig>,
    parts: { keys: CryptoKeyPair; authority: LeaseAuthority; hub: LocalHub; clock: Clock },
  ) {
    this.#config = config;
    this.#keys = parts.keys;
    this.#authority = parts.authority;
    this.hub = parts.hub;
    this.#clock = parts.clock;
  }

  static async start(
    config: Partial<ShardConfig> = {},
    authority: LeaseAuthority = new PaperAuthority(),
    clock: Clock = systemClock,
  ): Promise<ShardFixture> {
    const keys = await generateKeyPair("EdDSA");
    const hub = new LocalHub({ clock, source: "test" });
    const fixture = new ShardFixture(config, { keys, authority, hub, clock });
    try {
      await fixture.restart();
      return fixture;
    } catch (error) {
      await fixture[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** One that stands by, elsewhere: with a folder of its own, on the same bus and authority. */
  standby(config: Partial<ShardConfig>): ShardFixture {
    const parts = {
      keys: this.#keys,
      authority: this.#authority,
      hub: this.hub,
      clock: this.#clock,
    };
    const fixture = new ShardFixture({ ...this.#config, ...config }, parts);
    fixture.serving = fixture.restart();
    // Whoever does not wait for it stops it.
    fixture.serving.catch(() => undefined);
    return fixture;
  }

  get #shardKey(): ShardKey {
    return formatShardKey(this.#config.world ?? ARENA, 1, REGION);
  }

  get address(): string {
    if (this.#shard === undefined) throw new Error("cannot read address: the shard is stopped");
    return this.#shard.address;
  }

  get databasePath(): string {
    return join(this.folder, "shards", "arena.db");
  }

  get log(): string {
    return this.#lines.join("\n");
  }

  /** Starts the shard, again when it runs already. */
  async restart(): Promise<void> {
    await this.stop();
    this.#stopping = new AbortController();
    const holder = crypto.randomUUID();
    const told = this.#makeConfig();
    this.#shard = await startShard({
      config: told.standby === undefined ? told : await this.#standBy(told, holder),
      clock: this.#clock,
      log: this.#log,
      bus: this.hub,
      lease: this.#makeKeeper(holder),
      lost: (reason) => this.losses.push(reason),
      keys: { keys: { keys: [{ ...(await exportJWK(this.#keys.publicKey)), kid: "test" }] } },
      failed: (message) => this.failures.push(message),
      ...(this.chat !== undefined && { chat: this.chat }),
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#shard?.stop();
    this.#shard = undefined;
  }

  /** A join ticket as the server makes them. */
  async ticket(playerId: string, options: TicketOptions = {}): Promise<string> {
    const { name = playerId, ticketId = crypto.randomUUID(), expiresIn = 30 } = options;
    const nowSeconds = Math.floor(this.#clock.wallMs() / 1_000);
    return new SignJWT({ name })
      .setProtectedHeader({ alg: "EdDSA", typ: "tessera-ticket+jwt", kid: "test" })
      .setIssuer("tessera")
      .setAudience(options.audience ?? this.#shardKey)
      .setSubject(playerId)
      .setJti(ticketId)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + expiresIn)
      .sign(this.#keys.privateKey);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.serving.catch(() => undefined);
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #standBy(config: ShardConfig, holder: string): Promise<ShardConfig> {
    const { signal: stopping } = this.#stopping;
    const ready = (port: number) => {
      this.standbyPort = port;
    };
    const parts = { config, clock: this.#clock, log: this.#log, bus: this.hub, holder };
    return standBy({ ...parts, authority: this.#authority, stopping, ready });
  }

  #makeKeeper(holder: string): LeaseKeeper {
    return new LeaseKeeper({
      authority: this.#authority,
      clock: this.#clock,
      log: this.#log,
      shardKey: this.#shardKey,
      holder,
      strict: false,
    });
  }

  #makeConfig(): ShardConfig {
    return {
      mode: "development",
      shardKey: this.#shardKey,
      world: ARENA,
      region: REGION,
      instance: 1,
      regionFolder: "regions",
      takeOver: false,
      databasePath: this.databasePath,
      ship: undefined,
      standby: undefined,
      bus: "local:",
      serverUrl: "http://127.0.0.1:8088",
      clusterSecret: "secret-of-the-test",
      host: "127.0.0.1",
      port: 0,
      publicUrl: undefined,
      allowedOrigins: [],
      tickRate: 30,
      gateways: 0,
      spawnBlocks: undefined,
      arenaSide: 2_000,
      arenaCell: 256,
      playersMax: 100,
      connectionsPerAddressMax: 20,
      messagesPerSecondMax: 60,
      legacyForm: undefined,
      logLevel: "info",
      ...this.#config,
    };
  }
}
