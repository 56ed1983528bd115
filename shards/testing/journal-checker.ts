import { expect } from "bun:test";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type ArenaInput, ArenaPlayerSchema, TickInputsSchema } from "#proto/journal_pb.ts";
import type { TickRecord } from "../loop/messages.ts";
import type { ArenaMirror } from "./arena-mirror.ts";

/** Feeds the mirror with a shard's journal, and throws when the journal makes no sense. */
export class JournalChecker {
  readonly #truth: ArenaMirror;
  /** What is to be given to a player's next join. */
  readonly #kept = new Map<string, Uint8Array>();

  constructor(truth: ArenaMirror) {
    this.#truth = truth;
  }

  /** A player who was in the world before the journal began. */
  keep(playerId: string, state: Uint8Array): void {
    this.#kept.set(playerId, state);
  }

  /** Takes a tick's record; the mirror is at the end of that tick afterwards. */
  take({ tick, inputs, departed }: TickRecord): void {
    const { arena } = fromBinary(TickInputsSchema, inputs);
    this.#checkOrder(arena);
    const before = this.#truth.entities();
    this.#truth.replay(inputs);
    expect(this.#truth.tick, "tick of the record").toBe(tick);
    for (const { playerId, state } of departed) this.#kept.set(playerId, state);
    this.#checkRestored(arena, before);
  }

  /** A player's commands never overtake each other; one may come again. */
  #checkOrder(inputs: readonly ArenaInput[]): void {
    const latest = new Map<number, number>();
    for (const { input } of inputs) {
      if (input.case !== "command") continue;
      const { entity, sequence } = input.value;
      const last = latest.get(entity) ?? this.#truth.ackOf(entity)?.sequence ?? 0;
      if (sequence < last) throw new Error(`command ${sequence} of ${entity} comes after ${last}`);
      latest.set(entity, sequence);
    }
  }

  /** Whoever comes into the world comes with all that it left with. */
  #checkRestored(inputs: readonly ArenaInput[], before: ReadonlyMap<string, number>): void {
    const after = this.#truth.entities();
    for (const { input } of inputs) {
      if (input.case !== "join") continue;
      const { playerId, restored } = input.value;
      const entity = after.get(playerId);
      if (entity === undefined || entity === before.get(playerId)) continue;
      const state: Uint8Array | undefined = restored && toBinary(ArenaPlayerSchema, restored);
      expect(state, `what ${playerId} comes with`).toEqual(this.#kept.get(playerId));
    }
  }
}
