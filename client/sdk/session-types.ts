/** What a game sees of a client and of a session in a world: the shapes that the SDK promises. */
import type { GoodbyeReason, NoticeKind, RejectionReason } from "#proto/frame_pb.ts";
import type { ArenaParameters } from "#shared/sim/index.ts";
import type { SessionChat } from "./chat-types.ts";

/** `reconnecting` heals by itself, `closed` is for ever. */
export type SessionStatus = "connecting" | "playing" | "reconnecting" | "closed";

/** What an entity is doing. */
export type EntityState = "idle" | "moving" | "attacking" | "dead";

/** One player at the moment that is shown. The object is reused by the next sample. */
export interface EntityView {
  readonly id: number;
  readonly name: string;
  /** Units from the left edge of the world, with a fraction. */
  readonly x: number;
  /** Units from the top edge of the world, with a fraction. */
  readonly y: number;
  /** Sign of the velocity on each axis: -1, 0 or 1. */
  readonly dx: number;
  readonly dy: number;
  readonly facingRight: boolean;
  readonly state: EntityState;
  /** 0 to 100. */
  readonly health: number;
  readonly score: number;
  /** True for the own player. */
  readonly self: boolean;
  /** Where the shard last said that the entity was, in units; for debugging. */
  readonly serverX?: number;
  readonly serverY?: number;
}

/** The world at the moment that is shown. The object and its list are reused by the next sample. */
export interface ArenaView {
  /** Tick at which others are shown, with a fraction. */
  readonly tick: number;
  /** The own player, predicted; null before the first acknowledgement. */
  readonly self: EntityView | null;
  readonly others: readonly EntityView[];
}

/**
 * The own player as the game last knew it. Kills, deaths, score and credits are what the shard has
 * in its database.
 */
export interface SelfState {
  readonly kills: number;
  readonly deaths: number;
  readonly score: number;
  /** Respawn credits. */
  readonly credits: number;
  readonly health: number;
  /** Tick in which the player lives again; 0 while alive. */
  readonly respawnTick: number;
  /** The next attack may start in this tick. */
  readonly attackReadyTick: number;
}

/** Something that happened in sight. */
export type ArenaSessionEvent =
  | {
      readonly type: "hit";
      readonly attacker: number;
      readonly target: number;
      readonly damage: number;
    }
  | { readonly type: "death"; readonly entity: number; readonly killer: number };

/** An input or intent that the shard refused. */
export interface SessionRejection {
  readonly sequence: number;
  readonly reason: RejectionReason;
}

/** The shard's last word before it closed the connection. */
export interface SessionGoodbye {
  readonly reason: GoodbyeReason;
  /** For people: what happened and what to do. */
  readonly message: string;
}

/** How the shard is, when that changes. */
export interface SessionNotice {
  /** `RECOVERED` says that all is well again; `ANNOUNCEMENT` is of who runs the deployment. */
  readonly kind: NoticeKind;
  /** For people: what is the matter and what follows from it. */
  readonly message: string;
}

/** An action that changes something that lasts. */
export type DurableAction =
  /** One who is dead pays a credit to live again at once. */
  | { readonly case: "respawn" }
  /** A credit for another player, near or far, alive or dead. */
  | { readonly case: "give"; readonly entity: number };

/** A durable action that was done, and is in the shard's database. */
export interface ActionOutcome {
  readonly actionId: Uint8Array;
  /** In which it was done. */
  readonly tick: number;
}

/** The prediction was wrong by this much; it is smoothed away unless it is large. */
export interface SessionCorrection {
  readonly tick: number;
  readonly units: number;
}

/** The events of a session in any world, by their names. */
export interface CommonSessionEvents<Event> {
  status: SessionStatus;
  /** Something that happened in sight. */
  event: Event;
  rejection: SessionRejection;
  goodbye: SessionGoodbye;
  notice: SessionNotice;
  correction: SessionCorrection;
}

/** Every event of a session in an arena by its name. */
export interface SessionEvents extends CommonSessionEvents<ArenaSessionEvent> {}

/** Measurements since the session began. */
export interface SessionStats {
  readonly rttMs: number;
  readonly jitterMs: number;
  /** Estimated tick of the shard now. */
  readonly serverTick: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly framesIn: number;
  readonly corrections: number;
  readonly lastCorrectionUnits: number;
  readonly reconnects: number;
  readonly interpolationDelayMs: number;
  /** Longest time between the ticks of two frames lately; it grows when the shard is busy. */
  readonly frameIntervalMs: number;
  /** How often the shard let the client prove that it knows a cell exactly, in this world. */
  readonly stateChecks: number;
  /** How often it did not, which mended what was wrong. */
  readonly stateMismatches: number;
}

/** Size of the window onto the world, in units. */
export interface SessionViewport {
  readonly width: number;
  readonly height: number;
}

/** How to join a world. */
export interface JoinOptions {
  /** 800 × 600 unless given, of blocks 50 × 38; the shard bounds it. */
  readonly viewport?: SessionViewport;
  /** Any unless given. */
  readonly region?: string;
}

/**
 * A player in a world, whichever it is. It reconnects by itself until it is left, replaced or
 * revoked.
 */
export interface AnySession<Parameters, Events, Action> {
  readonly status: SessionStatus;
  /** The shard where the player is, e.g. arena:1:eu-west-1; after a cut it may be another one. */
  readonly shardKey: string;
  readonly region: string;
  /** Own entity. */
  readonly entityId: number;
  readonly parameters: Parameters;
  readonly stats: SessionStats;
  /** What is the matter with the shard; null while all is well. */
  readonly notice: SessionNotice | null;
  readonly chat: SessionChat;
  /** Calls `handler` at each such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, handler: (event: Events[Name]) => void): () => void;
  /**
   * Does something that lasts: resolves once it was done and is in the shard's database. Until then
   * it is sent again after every cut and never done twice. Rejects with an `ActionError` that says
   * what is known. With the `actionId` of an earlier attempt it asks what became of that one.
   */
  perform(action: Action, options?: { actionId?: Uint8Array }): Promise<ActionOutcome>;
  /** Size of the window onto the world, in the units that the world is shown in. */
  setViewport(width: number, height: number): void;
  /** Ends the session; resolves when the connection is closed. */
  leave(): Promise<void>;
}

/** A player in an arena. */
export interface Session extends AnySession<ArenaParameters, SessionEvents, DurableAction> {
  readonly selfState: SelfState;
  /** Moves on from now; each axis is -1, 0 or 1. The same controls twice cost nothing. */
  setControls(dx: number, dy: number): void;
  /** Turns without moving. Like every action it is dropped while `status` is not `playing`. */
  face(right: boolean): void;
  /** Strikes everyone within range on the side that the player faces. */
  attack(): void;
  /** The world as it is to be shown now; call it once for each animation frame. */
  sample(nowMs?: number): ArenaView;
}
