import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ActionResultSchema, RejectionReason } from "#proto/frame_pb.ts";
import type { WorldEffects } from "../world/world-effects.ts";
import type { ConnectionId } from "./connection-id.ts";
import type { DurableAnswer, LoopOutput, PlayerCommand } from "./messages.ts";
import type { Session } from "./sessions.ts";
import { isVisitor } from "./visitors.ts";

/** Answers that are remembered of each player in the world; the oldest is forgotten. */
const ANSWERS_MAX = 64;
/** Actions of a player without an answer; one more is refused as BUSY, and may be sent again. */
const UNANSWERED_MAX = 32;

/** A durable action and what became of it. */
interface Action {
  readonly playerId: string;
  /** Its 16 bytes as hexadecimal digits. */
  readonly actionId: string;
  /** Where it came from last, and where its answer goes. */
  connection: ConnectionId;
  sequence: number;
  reason: RejectionReason;
  /** In which it was done or refused; 0 before. */
  tick: number;
}

/** A player's actions by id, in the order in which they came. */
interface PlayerActions {
  readonly byId: Map<string, Action>;
  unanswered: number;
}

/** A command that the world says is a durable action. */
export type DurableCommand = Extract<PlayerCommand, { actionId: unknown }>;

/**
 * Sees to it that each durable action is done once and answered each time that it is asked for. One
 * that is new goes on to its tick; its answer stands in that tick's record and is sent once that is
 * in the database. One that is known gets the same answer again. What is on its way to its tick is
 * lost with its connection, without an answer: the client sends it again.
 */
export class Answers {
  readonly #output: LoopOutput;
  readonly #players = new Map<string, PlayerActions>();
  /** Handed to the world in this tick, by entity and sequence. */
  readonly #applied = new Map<string, Action>();
  /** Answered by the world, and not in the database yet; the oldest first. */
  readonly #decided: Action[] = [];

  constructor(output: LoopOutput) {
    this.#output = output;
  }

  /** Actions whose answer waits for its tick or for the database. */
  get waiting(): number {
    return this.#players.values().reduce((sum, { unanswered }) => sum + unanswered, 0);
  }

  /**
   * Takes what the database has of a player of the world, the oldest first. What is known already
   * is newer and goes on.
   */
  remember(playerId: string, answers: readonly DurableAnswer[]): void {
    if (answers.length === 0) return;
    const actions = this.#actionsOf(playerId);
    const known = [...actions.byId];
    actions.byId.clear();
    for (const { actionId: id, answer } of answers) {
      const { reason, tick } = fromBinary(ActionResultSchema, answer);
      const actionId = toHex(id);
      const action = { playerId, actionId, connection: 0, sequence: 0, reason, tick };
      actions.byId.set(actionId, action);
    }
    for (const [actionId, action] of known) {
      // One that waits for its tick although it was answered long ago is void.
      if (action.tick === 0 && actions.byId.has(actionId)) actions.unanswered -= 1;
      else actions.byId.set(actionId, action);
    }
    prune(actions);
  }

  /** The player left the world. */
  forget(playerId: string): void {
    this.#players.delete(playerId);
  }

  /** An action arrives; true when it is to wait for its tick, else its answer comes from here. */
  receive(session: Session, command: DurableCommand, committedTick: number): boolean {
    const { playerId, connection } = session;
    const actionId = toHex(command.actionId);
    const actions = this.#actionsOf(playerId);
    const known = actions.byId.get(actionId);
    if (known === undefined) {
      const { sequence } = command;
      const action = { playerId, actionId, connection, sequence, tick: 0 };
      return this.#add(actions, { ...action, reason: RejectionReason.UNSPECIFIED }, committedTick);
    }
    const isQueuedHere = known.tick === 0 && known.connection === connection;
    known.connection = connection;
    if (known.tick === 0) {
      if (!isQueuedHere) known.sequence = command.sequence;
      return !isQueuedHere;
    }
    if (known.tick <= committedTick) this.#send(known);
    return false;
  }

  /** The action's tick has come and the world gets it; false when it is void. */
  apply(session: Session, command: DurableCommand): boolean {
    const action = this.#players.get(session.playerId)?.byId.get(toHex(command.actionId));
    if (action === undefined || action.sequence !== command.sequence) return false;
    const place = placeOf(session.entity, command.sequence);
    if (this.#applied.has(place)) {
      this.cancel(session.playerId, session.connection, command);
      return false;
    }
    this.#applied.set(place, action);
    return true;
  }

  /** The action's tick has come, and its connection is gone. */
  cancel(playerId: string, connection: ConnectionId, command: DurableCommand): void {
    const actions = this.#players.get(playerId);
    const action = actions?.byId.get(toHex(command.actionId));
    if (actions === undefined || action?.connection !== connection || action.tick !== 0) return;
    this.#drop(actions, action);
  }

  /** What a step did with the actions it was given, for its tick's record. */
  decide(outcomes: WorldEffects["outcomes"], tick: number): DurableAnswer[] {
    const answers: DurableAnswer[] = [];
    for (const { entity, sequence, reason } of outcomes) {
      const action = this.#applied.get(placeOf(entity, sequence));
      if (action === undefined) continue;
      action.tick = tick;
      action.reason = reason;
      this.#decided.push(action);
      if (!isVisitor(action.playerId)) answers.push(encode(action));
    }
    for (const action of this.#applied.values()) {
      const actions = this.#players.get(action.playerId);
      // Its sequence was too old: the world has not heard it.
      if (action.tick === 0 && actions !== undefined) this.#drop(actions, action);
    }
    this.#applied.clear();
    return answers;
  }

  /** Sends what is in the database by now. */
  release(committedTick: number): void {
    let released = 0;
    for (const action of this.#decided) {
      if (action.tick > committedTick) break;
      released += 1;
      this.#send(action);
      const actions = this.#players.get(action.playerId);
      if (actions?.byId.get(action.actionId) !== action) continue;
      actions.unanswered -= 1;
      prune(actions);
    }
    if (released > 0) this.#decided.splice(0, released);
  }

  #actionsOf(playerId: string): PlayerActions {
    const known = this.#players.get(playerId);
    if (known !== undefined) return known;
    const actions = { byId: new Map<string, Action>(), unanswered: 0 };
    this.#players.set(playerId, actions);
    return actions;
  }

  #add(actions: PlayerActions, action: Action, tick: number): boolean {
    if (actions.unanswered >= UNANSWERED_MAX) {
      this.#send({ ...action, reason: RejectionReason.BUSY, tick });
      return false;
    }
    actions.byId.set(action.actionId, action);
    actions.unanswered += 1;
    return true;
  }

  #drop(actions: PlayerActions, action: Action): void {
    actions.byId.delete(action.actionId);
    actions.unanswered -= 1;
  }

  #send({ connection, actionId, reason, tick }: Action): void {
    if (connection === 0) return;
    this.#output.control({ kind: "result", connection, actionId, reason, tick });
  }
}

/** Forgets what is beyond the bound, the oldest answers first. */
function prune({ byId, unanswered }: PlayerActions): void {
  let excess = byId.size - unanswered - ANSWERS_MAX;
  for (const { actionId, tick } of byId.values()) {
    if (excess <= 0) return;
    if (tick === 0) continue;
    byId.delete(actionId);
    excess -= 1;
  }
}

function encode({ playerId, actionId, reason, tick }: Action): DurableAnswer {
  const id = Buffer.from(actionId, "hex");
  const result = create(ActionResultSchema, { actionId: id, reason, tick });
  return { playerId, actionId: id, answer: toBinary(ActionResultSchema, result) };
}

function placeOf(entity: number, sequence: number): string {
  return `${entity}:${sequence}`;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
