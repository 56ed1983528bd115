/** The audit log: what was done by and to whom, written with its cause, as one chain of hashes. */
import { createHash } from "node:crypto";
import { desc } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { auditLog } from "#shared/infra/db/schema/control.ts";
import type { AuditEvent } from "#shared/model/audit.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";

/** Of the entry before the first. */
export const NO_HASH = "0".repeat(64);
/** Servers that share a database may write at once; one that comes second so often gives up. */
const ATTEMPTS_MAX = 20;

export interface AuditEntry {
  readonly event: AuditEvent;
  /** Who did it; null for the deployment itself. */
  readonly actorId: PlayerId | null;
  /** To whom. */
  readonly targetId: PlayerId | null;
  /** Never a secret. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

interface AuditDeps {
  readonly database: ControlDatabase;
  readonly clock: Clock;
}

export type AuditStatement = Awaited<ReturnType<typeof prepareEntry>>;

/** What an entry's hash covers. */
export type AuditContent = Omit<typeof auditLog.$inferSelect, "number" | "hash">;

/** Writes entries one after the other: those of one process do not race for a place. */
export class AuditLog {
  readonly #deps: AuditDeps;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: AuditDeps) {
    this.#deps = deps;
  }

  /**
   * `run` puts the given statement into its batch, so that the cause and its entry are both there
   * or neither; it is run again when another server was quicker.
   */
  write<T>(entry: AuditEntry, run: (statement: AuditStatement) => Promise<T>): Promise<T> {
    const written = this.#last.then(() => this.#write(entry, run));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write<T>(entry: AuditEntry, run: (statement: AuditStatement) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const statement = await prepareEntry(this.#deps, entry);
      try {
        return await run(statement);
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !isConstraintError(error, "previous_hash")) throw error;
      }
    }
  }
}

/** SHA-256 over the entry before and all that this one says. */
export function hashAuditContent(content: AuditContent): string {
  const { previousHash, atMs, event, actorId, targetId, details } = content;
  const text = JSON.stringify([previousHash, atMs, event, actorId, targetId, details]);
  return createHash("sha256").update(text).digest("hex");
}

async function prepareEntry({ database: { orm }, clock }: AuditDeps, entry: AuditEntry) {
  const [newest] = await orm
    .select({ hash: auditLog.hash })
    .from(auditLog)
    .orderBy(desc(auditLog.number))
    .limit(1);
  const { event, actorId, targetId, details = {} } = entry;
  const content: AuditContent = {
    atMs: Math.trunc(clock.wallMs()),
    event,
    actorId,
    targetId,
    details: JSON.stringify(details),
    previousHash: newest?.hash ?? NO_HASH,
  };
  const hash = hashAuditContent(content);
  // Wrapped: a statement is a promise by itself, and would run here.
  return { insert: () => orm.insert(auditLog).values({ ...content, hash }) };
}
