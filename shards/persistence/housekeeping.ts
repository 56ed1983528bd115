import type { Statement } from "#shared/infra/db/database.ts";
import type { TickRecord } from "../loop/messages.ts";
import { ANSWERS_PER_PLAYER_MAX } from "./lasting.ts";

/** Records of the journal that one committed tick takes away at most: more than come in. */
const TRIM_PER_TICK = 4;
/** Players whose answers are counted in one commit; the others wait for the next. */
const PLAYERS_PER_COMMIT = 16;
/** Age at which an answer is forgotten; a client has given up long before. */
const ANSWER_SECONDS_MAX = 3_600;

/**
 * Takes away what a shard's database no longer needs, a little with each commit, so that none of
 * them takes long. What a failed commit did not take away, a later one does.
 */
export class Housekeeping {
  readonly #answerTicksMax: number;
  /** Earlier records are gone, or were told to go. */
  #trimmed: number;
  /** Earlier records are behind all snapshots. */
  #needed = 0;
  /** Players who have had answers since theirs were last counted; each once. */
  readonly #answered = new Set<string>();

  /** `firstTick` is the first one in the journal. */
  constructor(options: { tickRate: number; firstTick: number }) {
    this.#answerTicksMax = ANSWER_SECONDS_MAX * options.tickRate;
    this.#trimmed = options.firstTick;
  }

  /** The snapshots that are kept begin with this tick; its own record is kept for its hash. */
  keepFrom(tick: number): void {
    this.#needed = tick;
  }

  /** What to do in the transaction that writes `records`. */
  besides(records: readonly TickRecord[]): Statement[] {
    for (const { answers } of records) {
      for (const { playerId } of answers) this.#answered.add(playerId);
    }
    return [...this.#trim(records.length), ...this.#countAnswers()];
  }

  /** What to do beside a snapshot of `tick`, seen on the wall's clock. */
  besidesSnapshot(tick: number, wallMs: number): Statement[] {
    return [
      {
        // Replicas learn of an ended session from its row, as they learn of ticks from the journal.
        sql:
          "DELETE FROM sessions WHERE token_hash IS NULL AND " +
          "tick <= (SELECT min(tick) FROM snapshots)",
        args: [],
      },
      { sql: "DELETE FROM used_tickets WHERE expires_at_ms < ?", args: [wallMs] },
      { sql: "DELETE FROM answers WHERE tick < ?", args: [tick - this.#answerTicksMax] },
    ];
  }

  #trim(ticks: number): Statement[] {
    if (this.#trimmed >= this.#needed) return [];
    this.#trimmed = Math.min(this.#needed, this.#trimmed + TRIM_PER_TICK * ticks);
    return [{ sql: "DELETE FROM journal WHERE tick < ?", args: [this.#trimmed] }];
  }

  #countAnswers(): Statement[] {
    const players = [...this.#answered.values().take(PLAYERS_PER_COMMIT)];
    for (const playerId of players) this.#answered.delete(playerId);
    return players.map((playerId) => ({
      sql:
        "DELETE FROM answers WHERE player_id = ?1 AND rowid <= (SELECT rowid FROM answers " +
        "WHERE player_id = ?1 ORDER BY rowid DESC LIMIT 1 OFFSET ?2)",
      args: [playerId, ANSWERS_PER_PLAYER_MAX],
    }));
  }
}
