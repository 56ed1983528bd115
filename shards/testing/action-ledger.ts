import { expect } from "bun:test";
import { fromBinary } from "@bufbuild/protobuf";
import { type ActionResult, ActionResultSchema, RejectionReason } from "#proto/frame_pb.ts";
import { ARENA_CREDITS_START, type ArenaAction } from "#shared/sim/index.ts";
import type { DurableAnswer, TickRecord } from "../loop/messages.ts";

type DurableArenaAction = Extract<ArenaAction["action"], { case: "give" | "respawn" }>;

/** An action that some client made up. */
export interface LedgerAction {
  readonly actionId: Uint8Array;
  readonly playerId: string;
  readonly action: DurableArenaAction;
  /** Who was given a credit, when it is a gift and was done. */
  recipient: string | undefined;
  /** What its player was told. */
  result: { reason: RejectionReason; tick: number } | undefined;
}

/** What players have asked for and were told, held against what the database has. */
export class ActionLedger {
  readonly #actions = new Map<string, LedgerAction>();
  /** Results that clients got, and those that they had got before. */
  results = 0;
  repeated = 0;

  /** A new action of a player. */
  add(playerId: string, action: DurableArenaAction): LedgerAction {
    const actionId = new Uint8Array(16);
    new DataView(actionId.buffer).setUint32(12, this.#actions.size + 1);
    const entry = { actionId, playerId, action, recipient: undefined, result: undefined };
    this.#actions.set(keyOf(actionId), entry);
    return entry;
  }

  /** All that a player has asked for. */
  of(playerId: string): LedgerAction[] {
    return [...this.#actions.values()].filter((action) => action.playerId === playerId);
  }

  /** A tick was run; `playerOf` tells who was who in it. */
  note({ answers }: TickRecord, playerOf: (entity: number) => string | undefined): void {
    for (const { actionId } of answers) {
      const entry = this.#find(actionId);
      if (entry.action.case === "give") entry.recipient = playerOf(entry.action.value.entity);
    }
  }

  /** A client got a result. */
  told(playerId: string, result: ActionResult, kept: readonly DurableAnswer[]): void {
    const { actionId, reason, tick } = result;
    // Too many wait: nothing is kept of it, and it may be sent again.
    if (reason === RejectionReason.BUSY) return;
    const entry = this.#find(actionId);
    expect(entry.playerId, "whose action it is").toBe(playerId);
    const row = kept.find((answer) => keyOf(answer.actionId) === keyOf(actionId));
    expect(row?.playerId, "whose result is in the database").toBe(playerId);
    const answer = fromBinary(ActionResultSchema, row?.answer ?? new Uint8Array());
    const told: LedgerAction["result"] = { reason, tick };
    expect(told, "a result as it is in the database").toEqual({
      reason: answer.reason,
      tick: answer.tick,
    });
    if (entry.result !== undefined) {
      expect(told, "a result that comes again").toEqual(entry.result);
      this.repeated += 1;
    }
    entry.result = told;
    this.results += 1;
  }

  /** All that clients were told is in the database, and nothing is there twice. */
  check(kept: readonly DurableAnswer[]): void {
    const ids = kept.map(({ actionId }) => keyOf(actionId));
    expect(new Set(ids).size, "answers in the database, each once").toBe(ids.length);
    const known = new Set(ids);
    for (const { actionId, result } of this.#actions.values()) {
      if (result !== undefined) expect(known.has(keyOf(actionId)), "what was told").toBe(true);
    }
  }

  /** Credits that follow from a player's kills and from all that the database says was done. */
  creditsOf(playerId: string, kills: number, kept: readonly DurableAnswer[]): number {
    let credits = ARENA_CREDITS_START + kills;
    for (const { actionId, answer } of kept) {
      const { reason } = fromBinary(ActionResultSchema, answer);
      if (reason !== RejectionReason.UNSPECIFIED) continue;
      const entry = this.#find(actionId);
      if (entry.playerId === playerId) credits -= 1;
      if (entry.recipient === playerId) credits += 1;
    }
    return credits;
  }

  #find(actionId: Uint8Array): LedgerAction {
    const entry = this.#actions.get(keyOf(actionId));
    if (entry === undefined) throw new Error("a result of an action that nobody asked for");
    return entry;
  }
}

function keyOf(actionId: Uint8Array): string {
  return Buffer.from(actionId).toString("hex");
}
