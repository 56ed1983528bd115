import type { TickRecord } from "../../../shards/loop/messages.ts";

/** What a shard's database must hold after some tick. */
export interface Expected {
  readonly hash: string;
  /** Hashes of resume tokens, by player. */
  readonly sessions: ReadonlyMap<string, string>;
  /** Kept states by player, in hexadecimal digits. */
  readonly states: ReadonlyMap<string, string>;
  /** By player: action and answer, the oldest first. */
  readonly answers: ReadonlyMap<string, readonly string[]>;
  /** Messages that are still to be told, the oldest first. */
  readonly outbox: readonly string[];
  /** Ids of the tickets that were used. */
  readonly tickets: readonly string[];
}

/** What one tick left behind. */
interface Step {
  readonly record: TickRecord;
  readonly hash: string;
  readonly tickets: readonly string[];
  /** Messages whose deletion was in this tick's transaction. */
  readonly told: readonly string[];
}

/** What happened to an undamaged database, tick by tick: all others are held against it. */
export class Truth {
  readonly #steps: Step[] = [];

  get tick(): number {
    return this.#steps.length;
  }

  add(step: Step): void {
    this.#steps.push(step);
  }

  record(tick: number): TickRecord | undefined {
    return this.#steps[tick - 1]?.record;
  }

  at(tick: number): Expected {
    const sessions = new Map<string, string>();
    const states = new Map<string, string>();
    const answers = new Map<string, string[]>();
    const outbox = new Set<string>();
    const steps = this.#steps.slice(0, tick);
    for (const { record, told } of steps) {
      for (const { playerId, tokenHash } of record.sessions) {
        if (tokenHash === undefined) sessions.delete(playerId);
        else sessions.set(playerId, tokenHash);
      }
      for (const { playerId, state } of record.departed) states.set(playerId, state.toHex());
      for (const { playerId, actionId, answer } of record.answers) {
        const known = answers.get(playerId) ?? [];
        known.push(describeAnswer({ actionId, answer }));
        answers.set(playerId, known);
      }
      for (const { id } of record.outbox) outbox.add(id);
      for (const id of told) outbox.delete(id);
    }
    const hash = steps.at(-1)?.hash ?? "";
    const tickets = steps.flatMap((step) => step.tickets);
    return { hash, sessions, states, answers, outbox: [...outbox], tickets };
  }
}

/** An answer as `Expected` has it. */
export function describeAnswer(answer: { actionId: Uint8Array; answer: Uint8Array }): string {
  return `${answer.actionId.toHex()} ${answer.answer.toHex()}`;
}
