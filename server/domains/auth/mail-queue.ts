/**
 * Mails that wait in the database until somebody has taken them over. A kill at any moment loses
 * none; one that hits between the delivery and its note sends the mail again.
 */
import { createHash, randomBytes } from "node:crypto";
import { asc, count, eq, inArray, lte, min, sql } from "drizzle-orm";
import { mails, mailTokens } from "#shared/infra/db/schema/control.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Mailer } from "#shared/infra/mail/mailer.ts";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { MailKind } from "#shared/model/mail.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";
import { composeMail } from "./compose-mail.ts";

/** Mails that may wait; one more is refused with BUSY. */
const MAILS_WAITING_MAX = 10_000;
/** Deliveries at the same time. */
const AT_ONCE_MAX = 5;
/** A server that took a mail and is not heard of leaves it to the next one after this. */
const CLAIM_MS = 60_000;
const RETRY_MS_MIN = 2_000;
const RETRY_MS_MAX = 60 * 60 * 1_000;
/** About ten hours; then the mail is given up, and the log says so. */
const ATTEMPTS_MAX = 20;
/** When nothing is known to wait: another server may have left something. */
const LOOK_MS = 60_000;

/** How long a link is good for. */
const MAIL_TOKEN_MS: Record<MailKind, number> = {
  verify: 24 * 60 * 60 * 1_000,
  reset: 60 * 60 * 1_000,
};

export interface MailOrder {
  readonly kind: MailKind;
  readonly address: string;
  readonly playerId: PlayerId | null;
}

export interface MailQueueOptions {
  readonly database: ControlDatabase;
  readonly clock: Clock;
  readonly log: Log;
  /** Without one no mail is taken in. */
  readonly mailer: Mailer | undefined;
  readonly sent: (result: "sent" | "nobody" | "failed" | "given up") => void;
}

type MailRow = typeof mails.$inferSelect;

/** Takes mails in at any time, and delivers them from `start` to `stop`. */
export class MailQueue {
  readonly #options: MailQueueOptions;
  #baseUrl: string | undefined;
  #cancel: CancelTimer = () => undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(options: MailQueueOptions) {
    this.#options = options;
  }

  /** Throws UNAVAILABLE in a deployment that sends no mail. */
  assertOpen(): void {
    if (this.#options.mailer !== undefined) return;
    throw new AppError(
      "UNAVAILABLE",
      "cannot send mail: this deployment has no mail server; its operator sets TESSERA_SMTP_URL",
    );
  }

  /** In the database when this resolves; what is done is the same for every address. */
  async add(order: MailOrder): Promise<void> {
    this.assertOpen();
    const { database, clock } = this.#options;
    const [waiting] = await database.orm.select({ count: count() }).from(mails);
    if ((waiting?.count ?? 0) >= MAILS_WAITING_MAX) {
      throw new AppError("BUSY", "cannot send mail now: too many wait; try again in a minute", {
        retryAfterSeconds: 60,
      });
    }
    const nowMs = Math.trunc(clock.wallMs());
    const id = Bun.randomUUIDv7("hex", nowMs);
    await database.orm.insert(mails).values({ ...order, id, createdAtMs: nowMs, dueAtMs: nowMs });
    this.#wake(0);
  }

  /** Delivers from now on; links in mails begin with `baseUrl`. */
  start(baseUrl: string): void {
    this.#baseUrl = baseUrl;
    this.#wake(0);
  }

  /** Resolves when what is on its way has arrived or failed. */
  async stop(): Promise<void> {
    this.#baseUrl = undefined;
    this.#cancel();
    await this.#running;
    this.#options.mailer?.close();
  }

  #wake(inMs: number): void {
    if (this.#baseUrl === undefined) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#cancel();
    this.#cancel = this.#options.clock.schedule(inMs, () => {
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        const next = this.#again ? 0 : this.#nextMs;
        this.#again = false;
        this.#wake(next);
      });
    });
  }

  #nextMs = LOOK_MS;

  async #run(): Promise<void> {
    const { log } = this.#options;
    const baseUrl = this.#baseUrl;
    if (baseUrl === undefined) return;
    try {
      const claimed = await this.#claim();
      await Promise.all(claimed.map((row) => this.#deliver(row, baseUrl)));
      this.#nextMs = await this.#untilNext();
    } catch (error) {
      log.warning("cannot look after mails that wait; trying again", { error });
      this.#nextMs = RETRY_MS_MIN;
    }
  }

  /** Takes some that are due, so that no other server does. */
  async #claim(): Promise<MailRow[]> {
    const { database, clock } = this.#options;
    const { orm } = database;
    const nowMs = Math.trunc(clock.wallMs());
    const due = orm
      .select({ id: mails.id })
      .from(mails)
      .where(lte(mails.dueAtMs, nowMs))
      .orderBy(asc(mails.dueAtMs))
      .limit(AT_ONCE_MAX);
    return orm
      .update(mails)
      .set({ dueAtMs: nowMs + CLAIM_MS, attempts: sql`${mails.attempts} + 1` })
      .where(inArray(mails.id, due))
      .returning();
  }

  async #deliver(row: MailRow, baseUrl: string): Promise<void> {
    const { database, clock, log, mailer, sent } = this.#options;
    const isThis = eq(mails.id, row.id);
    try {
      const mail = await composeMail({
        database,
        row,
        baseUrl,
        makeToken: (playerId) => this.#makeToken(row, playerId),
      });
      if (mail !== undefined) await mailer?.send(mail);
      await database.orm.delete(mails).where(isThis);
      sent(mail === undefined ? "nobody" : "sent");
    } catch (error) {
      const isLast = row.attempts >= ATTEMPTS_MAX;
      const dueAtMs = Math.trunc(clock.wallMs()) + retryMs(row.attempts);
      if (isLast) await database.orm.delete(mails).where(isThis);
      else await database.orm.update(mails).set({ dueAtMs }).where(isThis);
      sent(isLast ? "given up" : "failed");
      log.warning(isLast ? "mail given up" : "mail not delivered, trying again", {
        kind: row.kind,
        attempts: row.attempts,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  async #makeToken({ kind, address }: MailRow, playerId: PlayerId): Promise<string> {
    const { database, clock } = this.#options;
    const token = randomBytes(32).toString("base64url");
    const expiresAtMs = Math.trunc(clock.wallMs()) + MAIL_TOKEN_MS[kind];
    await database.orm
      .insert(mailTokens)
      .values({ hash: hashMailToken(token), kind, address, playerId, expiresAtMs });
    return token;
  }

  async #untilNext(): Promise<number> {
    const { database, clock } = this.#options;
    const [row] = await database.orm.select({ dueAtMs: min(mails.dueAtMs) }).from(mails);
    const inMs = (row?.dueAtMs ?? Number.POSITIVE_INFINITY) - clock.wallMs();
    return Math.max(0, Math.min(LOOK_MS, inMs));
  }
}

/** How a token is stored. */
export function hashMailToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function retryMs(attempts: number): number {
  return Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (attempts - 1));
}
