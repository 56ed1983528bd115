/** Builds what the use cases need from the parts that differ between production and tests. */
import type { Bus } from "#shared/infra/bus/bus.ts";
import { DatabaseHold } from "#shared/infra/db/database-hold.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Mailer } from "#shared/infra/mail/mailer.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { DescribedSetting } from "#shared/model/configuration.ts";
import type { Clock } from "#shared/time/clock.ts";
import { DatabaseHealth } from "./database-health.ts";
import type { ControlDatabase, ServerDeps } from "./deps.ts";
import { AuditLog } from "./domains/audit/index.ts";
import {
  AttemptLimiter,
  createAuthenticator,
  createIdentity,
  createPasswordHasher,
  createTokenIssuer,
  type IdentitySettings,
  LoginThrottle,
  MailLimiter,
  MailQueue,
  SetUpLink,
  SigningKeys,
} from "./domains/auth/index.ts";
import { EventFeed } from "./domains/events/index.ts";
import { createLeaseClock, LeaseEpochs } from "./domains/leases/index.ts";
import {
  MemoryPositionIndex,
  type PositionIndex,
  PositionWatch,
} from "./domains/positions/index.ts";
import { LastSeen, PresenceBook } from "./domains/presence/index.ts";
import { lookUpHost, type WebhookNetwork, WebhookSender } from "./domains/webhooks/index.ts";
import { ShardRegistry, saveShard } from "./domains/worlds/index.ts";
import { createCacheMetrics } from "./hot-cache.ts";
import { MemoryRateLimiter } from "./limits/memory-rate-limiter.ts";
import type { RateLimiter } from "./limits/rate-limiter.ts";
import { RequestLimits } from "./limits/request-limits.ts";
import { createServerMetrics } from "./server-metrics.ts";

export interface Parts {
  readonly database: ControlDatabase;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clusterSecret: string;
  readonly stopping: AbortSignal;
  /** Without it nobody but this deployment itself vouches for people. */
  readonly identity?: IdentitySettings;
  readonly staffTotp?: "required" | "optional";
  /** Without one the deployment sends no mail. */
  readonly mailer?: Mailer | undefined;
  /** Counts in this process's memory when not given. */
  readonly limiter?: RateLimiter;
  /** Finds players by where they are, in this process's memory when not given. */
  readonly positionIndex?: PositionIndex;
  /** All limits of calls times this; 1 when not given. */
  readonly limitFactor?: number;
  /** Of main.ts; empty when not given. */
  readonly configuration?: readonly DescribedSetting[];
  /** The open internet only, when not given. */
  readonly webhookNetwork?: WebhookNetwork | undefined;
}

/** The database must be migrated. At the end: `closePictures`, close `feed`, stop `webhooks`. */
export async function createDeps(parts: Parts): Promise<ServerDeps> {
  const { database, bus, clock, log, limitFactor = 1 } = parts;
  const keys = new SigningKeys(database, clock);
  await keys.open();
  const tokens = createTokenIssuer(keys, clock);
  const metrics = createServerMetrics(parts.metrics);
  const leaseNowMs = createLeaseClock(clock);
  const epochs = new LeaseEpochs({ log, fenced: () => metrics.fenced.inc() });
  await epochs.load(database, leaseNowMs());
  const shards = new ShardRegistry({
    bus,
    clock,
    log,
    isForeign: (message) => epochs.isForeign(message),
    save: (record) => saveShard({ database, clock, log }, record),
  });
  parts.metrics.gaugeOf(
    "tessera_shards_online",
    "Shards that take players in.",
    () => shards.list().filter((shard) => shard.phase === "serving").length,
  );
  parts.metrics.gaugeOf("tessera_population", "Players in all worlds.", () =>
    shards.list().reduce((sum, shard) => sum + shard.population, 0),
  );
  const pictures = drawPictures(parts, epochs);
  const webhookNetwork = parts.webhookNetwork ?? { allowLoopback: false, lookup: lookUpHost };
  return {
    ...parts,
    configuration: parts.configuration ?? [],
    webhookNetwork,
    webhooks: new WebhookSender({ database, clock, log, metrics, webhookNetwork }),
    staffTotp: parts.staffTotp ?? "optional",
    feed: new EventFeed({ database, clock, log }),
    databaseHold: new DatabaseHold({ database, clock }),
    databaseHealth: new DatabaseHealth({ database, clock, log }),
    metrics,
    epochs,
    leaseNowMs,
    keys,
    tokens,
    shards,
    ...pictures,
    passwords: createPasswordHasher(),
    limits: new RequestLimits({
      limiter: parts.limiter ?? new MemoryRateLimiter(clock),
      factor: limitFactor,
      refused: metrics.limited,
    }),
    throttle: new LoginThrottle(clock),
    attempts: new AttemptLimiter(clock),
    audit: new AuditLog({ database, clock }),
    setUpLink: new SetUpLink(),
    identity: createIdentity(parts.identity ?? { mode: "development" }, { clock, log }),
    mail: new MailQueue({
      database,
      clock,
      log,
      mailer: parts.mailer,
      sent: (result) => metrics.mails.inc({ result }),
    }),
    mailLimiter: new MailLimiter(clock),
    ...createAuthenticator({ database, tokens, clock }),
  };
}

/** Who is where, kept up to date. */
function drawPictures(parts: Parts, epochs: LeaseEpochs) {
  const { database, bus, clock, log, metrics, positionIndex } = parts;
  const cache = createCacheMetrics(metrics);
  const lastSeen = new LastSeen({ database, bus, clock, log, metrics: cache });
  const presence = new PresenceBook({
    bus,
    clock,
    log,
    isForeign: (shardKey) => !epochs.leases(shardKey),
    left: (places) => {
      for (const { playerId } of places) lastSeen.left(playerId);
    },
  });
  const positions = new PositionWatch({
    bus,
    index: positionIndex ?? new MemoryPositionIndex(clock),
    isForeign: (message) => epochs.isForeign(message),
    seen: (shardKey, { playerId, x, y }) => lastSeen.seen(playerId, { shardKey, x, y }),
  });
  addPresenceMetrics(metrics, presence, positions);
  void presence.start();
  return { presence, positions, lastSeen };
}

/** Ends what listens to the bus; what was to be kept of it is in the database then. */
export async function closePictures(deps: ServerDeps): Promise<void> {
  const { shards, presence, positions, lastSeen } = deps;
  shards.close();
  presence.close();
  positions.close();
  await lastSeen.close();
}

function addPresenceMetrics(
  metrics: Metrics,
  presence: PresenceBook,
  positions: PositionWatch,
): void {
  metrics.counterOf("tessera_positions_told_total", "Positions told by shards.", () => [
    { value: positions.told },
  ]);
  metrics.gaugeOf("tessera_presence_players", "Players that are somewhere.", () => presence.count);
  metrics.gaugeOf("tessera_presence_fresh", "1 while who is where is at most 10 s old.", () =>
    presence.state.fresh ? 1 : 0,
  );
}
