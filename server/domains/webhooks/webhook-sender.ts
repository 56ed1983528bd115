import { randomInt } from "node:crypto";
import { and, eq, isNull, lt, min, sql } from "drizzle-orm";
import { webhookDeliveries, webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import type { CancelTimer } from "#shared/time/clock.ts";
import type { ServerDeps } from "../../deps.ts";
import { backoffMs, type Judgement, judgeAnswer } from "./attempt-rules.ts";
import type { EndpointRow } from "./endpoint-row.ts";
import { ANSWER_MS_MAX, postWebhook } from "./post-webhook.ts";
import { signWebhook } from "./sign-webhook.ts";

/** Attempts at once, and of those to one endpoint: a slow one holds up itself only. */
const ATTEMPTS_RUNNING_MAX = 16;
const ATTEMPTS_OF_ENDPOINT_MAX = 4;
/** An attempt is somebody's for so long; if that process dies, another comes after it. */
const CLAIM_MS = ANSWER_MS_MAX + 5_000;
const LOOK_MS_MAX = 60_000;
const RETRY_MS = 1_000;
/** How it went is kept for so long. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

export type SenderDeps = Pick<
  ServerDeps,
  "database" | "clock" | "log" | "metrics" | "webhookNetwork"
>;

interface Due {
  readonly number: number;
  readonly endpointId: string;
  readonly dueMs: number;
}

/** Works the queue of webhooks off; what it has not done when it dies is done by the next one. */
export class WebhookSender {
  readonly #deps: SenderDeps;
  readonly #random: () => number;
  readonly #running = new Map<number, string>();
  readonly #attempts = new Set<Promise<void>>();
  #looking: Promise<void> | undefined;
  #again = false;
  #started = false;
  /** The last look failed, and that was said. */
  #troubled = false;
  readonly #stopping = new AbortController();
  #cancel: CancelTimer = () => undefined;

  /** `random` gives 0 to below 1. */
  constructor(deps: SenderDeps, random: () => number = randomShare) {
    this.#deps = deps;
    this.#random = random;
  }

  start(): void {
    this.#started = true;
    this.wake();
  }

  /** Something may be due. */
  wake(): void {
    if (!this.#started) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#cancel();
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.wake();
    });
  }

  /** Breaks off what runs, which is then due at once, for the next process. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#stopping.abort();
    this.#cancel();
    await this.#looking;
    await Promise.all(this.#attempts);
  }

  async #look(): Promise<void> {
    let waitMs = RETRY_MS;
    try {
      const nowMs = Math.trunc(this.#deps.clock.wallMs());
      for (const due of await this.#listDue(nowMs)) {
        if (!this.#hasRoomFor(due.endpointId)) continue;
        this.#running.set(due.number, due.endpointId);
        const attempt = this.#attempt(due).then((recorded) => {
          this.#running.delete(due.number);
          this.#attempts.delete(attempt);
          // What could not be written down is still due: without a pause it would be sent for ever.
          if (recorded) this.wake();
          else this.#wakeIn(RETRY_MS);
        });
        this.#attempts.add(attempt);
      }
      waitMs = await this.#findWait(nowMs);
      this.#troubled = false;
    } catch (error) {
      if (!this.#troubled) {
        this.#deps.log.warning("cannot look for webhooks that are due", { error });
      }
      this.#troubled = true;
    }
    this.#wakeIn(waitMs);
  }

  #wakeIn(waitMs: number): void {
    if (!this.#started) return;
    this.#cancel();
    this.#cancel = this.#deps.clock.schedule(waitMs, () => this.wake());
  }

  #hasRoomFor(endpointId: string): boolean {
    const ofEndpoint = [...this.#running.values()].filter((id) => id === endpointId).length;
    return this.#running.size < ATTEMPTS_RUNNING_MAX && ofEndpoint < ATTEMPTS_OF_ENDPOINT_MAX;
  }

  /** A few of each endpoint, so that one with much waiting does not hide the others. */
  async #listDue(nowMs: number): Promise<Due[]> {
    const { rows } = await this.#deps.database.client.execute({
      sql: `SELECT number, endpoint_id, next_attempt_at_ms FROM (
          SELECT d.number, d.endpoint_id, d.next_attempt_at_ms, row_number()
            OVER (PARTITION BY d.endpoint_id ORDER BY d.next_attempt_at_ms, d.number) AS place
          FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
          WHERE d.state = 'pending' AND d.next_attempt_at_ms <= ? AND e.disabled_at_ms IS NULL)
        WHERE place <= ? ORDER BY next_attempt_at_ms, number LIMIT ?`,
      args: [nowMs, ATTEMPTS_OF_ENDPOINT_MAX, ATTEMPTS_RUNNING_MAX * ATTEMPTS_OF_ENDPOINT_MAX],
    });
    return rows.map((row) => ({
      number: Number(row.number),
      endpointId: String(row.endpoint_id),
      dueMs: Number(row.next_attempt_at_ms),
    }));
  }

  async #findWait(nowMs: number): Promise<number> {
    const [next] = await this.#deps.database.orm
      .select({ atMs: min(webhookDeliveries.nextAttemptAtMs) })
      .from(webhookDeliveries)
      .where(and(eq(webhookDeliveries.state, "pending"), sql`next_attempt_at_ms > ${nowMs}`));
    return Math.min(LOOK_MS_MAX, Math.max(1, (next?.atMs ?? Number.MAX_SAFE_INTEGER) - nowMs));
  }

  /** Whether the database knows how it went. */
  async #attempt(due: Due): Promise<boolean> {
    try {
      if (!(await this.#claim(due))) return true;
      const [found] = await this.#deps.database.orm
        .select({ delivery: webhookDeliveries, endpoint: webhookEndpoints })
        .from(webhookDeliveries)
        .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpointId))
        .where(eq(webhookDeliveries.number, due.number));
      if (found !== undefined) await this.#send(found.delivery, found.endpoint);
      return true;
    } catch (error) {
      this.#deps.log.warning("cannot write down how a webhook went; it is sent again", { error });
      return false;
    }
  }

  /** Of several processes that see the same delivery, one gets it. */
  async #claim({ number, dueMs }: Due): Promise<boolean> {
    const { rowsAffected } = await this.#deps.database.orm
      .update(webhookDeliveries)
      .set({ nextAttemptAtMs: Math.trunc(this.#deps.clock.wallMs()) + CLAIM_MS })
      .where(
        and(eq(webhookDeliveries.number, number), eq(webhookDeliveries.nextAttemptAtMs, dueMs)),
      );
    return rowsAffected === 1;
  }

  async #send(delivery: typeof webhookDeliveries.$inferSelect, endpoint: EndpointRow) {
    const { clock, webhookNetwork: network, metrics } = this.#deps;
    const { body, eventId: id, attempts } = delivery;
    const atMs = Math.trunc(clock.wallMs());
    const startMs = clock.monotonicMs();
    const headers = signWebhook({ id, atMs, body }, secretsOf(endpoint, atMs));
    const { signal } = this.#stopping;
    const request = { url: endpoint.url, headers, body, signal };
    const judgement = await postWebhook({ network, clock }, request)
      .then((answer) => judgeAnswer(answer))
      .catch((error): Judgement => ({ result: "failed", error: textOf(error) }));
    if (signal.aborted && judgement.result === "failed") {
      await this.#release(delivery.number, atMs);
      return;
    }
    const lastDurationMs = Math.round(clock.monotonicMs() - startMs);
    metrics.webhooks.inc({ result: judgement.result });
    const tried = {
      attempts: attempts + 1,
      lastAttemptAtMs: atMs,
      lastDurationMs,
      lastStatus: judgement.status ?? null,
      lastError: judgement.error ?? null,
    };
    await this.#record({ delivery, endpoint, judgement, tried, atMs });
  }

  async #release(number: number, nextAttemptAtMs: number): Promise<void> {
    await this.#deps.database.orm
      .update(webhookDeliveries)
      .set({ nextAttemptAtMs })
      .where(eq(webhookDeliveries.number, number));
  }

  async #record(done: Done): Promise<void> {
    const { orm } = this.#deps.database;
    const { delivery, endpoint, judgement, tried, atMs } = done;
    const isDelivery = eq(webhookDeliveries.number, delivery.number);
    const isEndpoint = eq(webhookEndpoints.id, endpoint.id);
    if (judgement.result === "delivered") {
      await orm.batch([
        orm
          .update(webhookDeliveries)
          .set({ ...tried, state: "delivered" })
          .where(isDelivery),
        orm.update(webhookEndpoints).set({ succeededAtMs: atMs }).where(isEndpoint),
      ]);
      return;
    }
    const waitMs = backoffMs(tried.attempts, this.#random());
    if (waitMs !== undefined && judgement.result === "failed") {
      const asked = (judgement.retryAfterSeconds ?? 0) * 1_000;
      const nextAttemptAtMs = Math.trunc(this.#deps.clock.wallMs()) + Math.max(waitMs, asked);
      await orm
        .update(webhookDeliveries)
        .set({ ...tried, nextAttemptAtMs })
        .where(isDelivery);
      return;
    }
    await this.#giveUp(done);
  }

  /** An endpoint that took nothing since this delivery began, or said that it is gone, is off. */
  async #giveUp({ delivery, endpoint, judgement, tried, atMs }: Done): Promise<void> {
    const { orm } = this.#deps.database;
    const disabledReason =
      judgement.result === "gone"
        ? "it answered 410: gone"
        : `nothing was taken in ${tried.attempts} attempts at one event`;
    const isDead =
      judgement.result === "gone" || (endpoint.succeededAtMs ?? 0) < delivery.createdAtMs;
    await orm.batch([
      orm
        .update(webhookDeliveries)
        .set({ ...tried, state: "failed" })
        .where(eq(webhookDeliveries.number, delivery.number)),
      orm
        .update(webhookEndpoints)
        .set({ disabledAtMs: atMs, disabledReason })
        .where(
          and(
            eq(webhookEndpoints.id, endpoint.id),
            isNull(webhookEndpoints.disabledAtMs),
            isDead ? undefined : sql`0`,
          ),
        ),
      orm
        .delete(webhookDeliveries)
        .where(
          and(
            lt(webhookDeliveries.createdAtMs, atMs - KEPT_MS),
            sql`${webhookDeliveries.state} <> 'pending'`,
          ),
        ),
    ]);
    if (!isDead) return;
    this.#deps.log.warning("a webhook was disabled", { webhook: endpoint.id, disabledReason });
  }
}

interface Done {
  readonly delivery: typeof webhookDeliveries.$inferSelect;
  readonly endpoint: EndpointRow;
  readonly judgement: Judgement;
  readonly tried: { readonly attempts: number };
  readonly atMs: number;
}

function secretsOf({ secret, previousSecret, previousUntilMs }: EndpointRow, nowMs: number) {
  const overlaps = previousSecret !== null && (previousUntilMs ?? 0) > nowMs;
  return overlaps ? [secret, previousSecret] : [secret];
}

function randomShare(): number {
  return randomInt(1_000_000) / 1_000_000;
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
