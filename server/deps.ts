/** What the use cases are given; main.ts and the tests build it with `createDeps`. */

import type { Bus } from "#shared/infra/bus/bus.ts";
import type { Database } from "#shared/infra/db/database.ts";
import type { DatabaseHold } from "#shared/infra/db/database-hold.ts";
import type * as schema from "#shared/infra/db/schema/control.ts";
import type { Log } from "#shared/infra/log.ts";
import type { DescribedSetting } from "#shared/model/configuration.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Actor } from "./context.ts";
import type { DatabaseHealth } from "./database-health.ts";
import type { AuditLog } from "./domains/audit/audit-log.ts";
import type { AttemptLimiter } from "./domains/auth/attempt-limiter.ts";
import type { Identity } from "./domains/auth/identity/create-identity.ts";
import type { LoginThrottle } from "./domains/auth/login-throttle.ts";
import type { MailLimiter } from "./domains/auth/mail-limiter.ts";
import type { MailQueue } from "./domains/auth/mail-queue.ts";
import type { PasswordHasher } from "./domains/auth/password-hasher.ts";
import type { SetUpLink } from "./domains/auth/set-up-link.ts";
import type { SigningKeys } from "./domains/auth/signing-keys.ts";
import type { TokenIssuer } from "./domains/auth/token-issuer.ts";
import type { EventFeed } from "./domains/events/event-feed.ts";
import type { LeaseEpochs } from "./domains/leases/lease-epochs.ts";
import type { PositionWatch } from "./domains/positions/position-watch.ts";
import type { LastSeen } from "./domains/presence/last-seen.ts";
import type { PresenceBook } from "./domains/presence/presence-book.ts";
import type { WebhookNetwork } from "./domains/webhooks/webhook-network.ts";
import type { WebhookSender } from "./domains/webhooks/webhook-sender.ts";
import type { ShardRegistry } from "./domains/worlds/shard-registry.ts";
import type { RequestLimits } from "./limits/request-limits.ts";
import type { ServerMetrics } from "./server-metrics.ts";

export type ControlDatabase = Database<typeof schema>;

export interface ServerDeps {
  readonly database: ControlDatabase;
  /** For backups; to be ended before the database is closed. */
  readonly databaseHold: DatabaseHold;
  readonly databaseHealth: DatabaseHealth;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ServerMetrics;
  readonly keys: SigningKeys;
  readonly tokens: TokenIssuer;
  readonly passwords: PasswordHasher;
  readonly limits: RequestLimits;
  readonly throttle: LoginThrottle;
  readonly attempts: AttemptLimiter;
  readonly audit: AuditLog;
  readonly setUpLink: SetUpLink;
  /** Who else may vouch for people. */
  readonly identity: Identity;
  readonly mail: MailQueue;
  readonly mailLimiter: MailLimiter;
  readonly shards: ShardRegistry;
  readonly positions: PositionWatch;
  /** Where players were seen last. */
  readonly lastSeen: LastSeen;
  /** Who is where. */
  readonly presence: PresenceBook;
  /** Wakes those who read the event log. */
  readonly feed: EventFeed;
  readonly webhooks: WebhookSender;
  readonly webhookNetwork: WebhookNetwork;
  readonly epochs: LeaseEpochs;
  /** Milliseconds since 1970, on a clock that nobody sets while the server runs. */
  readonly leaseNowMs: () => number;
  /** For people who run the deployment; no secrets. */
  readonly configuration: readonly DescribedSetting[];
  readonly clusterSecret: string;
  /** Whether staff can do anything without a second factor. */
  readonly staffTotp: "required" | "optional";
  /** Believes an access token or throws an AppError that says what to do. */
  readonly authenticate: (token: string) => Promise<Actor>;
  /** The same for a ticket that opens a stream, once. */
  readonly authenticateTicket: (ticket: string) => Promise<Actor>;
  /** Aborted when the server stops; ends open streams. */
  readonly stopping: AbortSignal;
}
