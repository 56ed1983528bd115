/** What a game sees of a session in the world `blocks`: the shapes that the SDK promises. */
import type { BlocksParameters } from "#shared/sim/index.ts";
import type { ActionReason } from "../action-error.ts";
import type { AnySession, CommonSessionEvents } from "../session-types.ts";

/** One entity at the moment that is shown. The object is reused by the next sample. */
export interface BlocksEntityView {
  readonly id: number;
  /** What it is: one of `BlocksKind` of the simulation. */
  readonly kind: number;
  /** Of players; empty for all others. */
  readonly name: string;
  /** Blocks from the west edge, with a fraction. */
  readonly x: number;
  /** Blocks from the north edge, with a fraction. */
  readonly y: number;
  /** Blocks a second. */
  readonly vx: number;
  readonly vy: number;
  /** 0 to 7, from east over south. */
  readonly facing: number;
  /** What it is doing, as the simulation numbers it. */
  readonly state: number;
  /** Health that is missing. */
  readonly wounds: number;
  /** Of an item that lies there: which, and how many. */
  readonly item: number;
  readonly count: number;
  /** The home region of one that lives elsewhere and is only shown here. */
  readonly home: string;
  /** True for the own player. */
  readonly self: boolean;
  /** Where the shard last said that the own player was, in blocks; for debugging. */
  readonly serverX?: number;
  readonly serverY?: number;
}

/** A block of the land. */
export interface BlockView {
  readonly id: number;
  /** Growth, moisture, level or hardness, whichever it has. */
  readonly level: number;
}

/** A chunk that is in sight, as it is to be shown: with what the player builds already. */
export interface BlocksChunkView {
  /** Row × columns + column. */
  readonly cell: number;
  readonly column: number;
  readonly row: number;
  /** 768 of each: layer by layer (floor, active, ceiling), row by row. */
  readonly ids: Uint16Array;
  readonly levels: Uint8Array;
  /** Rises with each change. */
  readonly version: number;
}

/** The land as far as it is in sight. */
export interface BlocksLandView {
  /** The chunks in sight. */
  chunks(): Iterable<BlocksChunkView>;
  /** A chunk by its column and row; null when it is out of sight. */
  chunk(column: number, row: number): BlocksChunkView | null;
  /** A block; null when it is out of sight. */
  block(x: number, y: number, layer: number): BlockView | null;
}

/** The world at the moment that is shown. The object and its list are reused by the next sample. */
export interface BlocksWorldView {
  /** Tick at which others are shown, with a fraction. */
  readonly tick: number;
  /** The own player, predicted; null before the first acknowledgement. */
  readonly self: BlocksEntityView | null;
  readonly others: readonly BlocksEntityView[];
  readonly land: BlocksLandView;
}

/** Items of a slot; an empty slot has item 0 and count 0. */
export interface BlocksSlot {
  readonly item: number;
  readonly count: number;
}

/** The own player as the shard told it last. The inventory is what it has in its database. */
export interface BlocksSelfState {
  /** 0 when dead. */
  readonly health: number;
  /** The next attack may start in this tick. */
  readonly attackReadyTick: number;
  /** All slots. */
  readonly inventory: readonly BlocksSlot[];
  /** The chest that it has open; null when there is none. Nobody else is told what is in it. */
  readonly chest: BlocksChestView | null;
}

/** A chest that was used, until one goes away, talks to somebody or uses another. */
export interface BlocksChestView {
  readonly place: BlocksPlaceView;
  /** All slots, as the shard has them in its database. */
  readonly slots: readonly BlocksSlot[];
}

/** A place in whole blocks. */
export interface BlocksPlaceView {
  readonly x: number;
  readonly y: number;
  readonly layer: number;
}

/** An action that changes something that lasts. */
export type BlocksDurableAction =
  /**
   * Use what stands there: open and close a door, open a chest (`selfState.chest`). Of a chest,
   * `choice` 1 to 27 takes that slot's items, 101 to 136 puts those of the own slot in.
   */
  | { readonly case: "interact"; readonly place: BlocksPlaceView; readonly choice?: number }
  /** Talk to somebody; of a trader, `choice` 1 and up buys that ware. */
  | { readonly case: "interact"; readonly entity: number; readonly choice?: number }
  /** Use an item; a tool is used on a place. */
  | { readonly case: "useItem"; readonly slot: number; readonly place?: BlocksPlaceView }
  /** Take an item that lies there. */
  | { readonly case: "pickup"; readonly entity: number }
  /** Put items of a slot down; all of them unless `count` is given. */
  | {
      readonly case: "drop";
      readonly slot: number;
      readonly count?: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly case: "buildPlace"; readonly place: BlocksPlaceView; readonly slot: number }
  | { readonly case: "buildBreak"; readonly place: BlocksPlaceView }
  /** Live again at the spawn point. */
  | { readonly case: "respawn" };

/** Something that happened in sight. */
export type BlocksSessionEvent =
  | {
      readonly type: "hit";
      readonly attacker: number;
      readonly target: number;
      readonly damage: number;
    }
  | { readonly type: "death"; readonly entity: number; readonly killer: number }
  | { readonly type: "emote"; readonly entity: number; readonly emote: number }
  | { readonly type: "said"; readonly entity: number; readonly line: number };

/** A chunk came into sight, changed, or went out of sight. */
export interface BlocksChunkEvent {
  readonly type: "loaded" | "changed" | "unloaded";
  readonly cell: number;
  readonly column: number;
  readonly row: number;
}

/** What the player built or broke was refused, and is as it was before. */
export interface BlocksRollback {
  readonly place: BlocksPlaceView;
  /** Null when nobody knows what became of it. */
  readonly reason: ActionReason | null;
}

/** Every event of a session in a world of blocks by its name. */
export interface BlocksSessionEvents extends CommonSessionEvents<BlocksSessionEvent> {
  chunk: BlocksChunkEvent;
  /** The inventory, the open chest, or the own health, is another one. */
  self: BlocksSelfState;
  rollback: BlocksRollback;
}

/**
 * A player in a world of blocks. Its viewport counts blocks. What is built or broken is shown at
 * once, and is as it was when it is refused.
 */
export interface BlocksSession
  extends AnySession<BlocksParameters, BlocksSessionEvents, BlocksDurableAction> {
  readonly selfState: BlocksSelfState;
  readonly land: BlocksLandView;
  /** Walks on from now; each axis is -1, 0 or 1. The same controls twice cost nothing. */
  setControls(dx: number, dy: number): void;
  /** Strikes an entity. Like every action that is not durable it is dropped while not `playing`. */
  attack(entity: number): void;
  /** Shows a feeling to everyone near. */
  emote(emote: number): void;
  /** The world as it is to be shown now; call it once for each animation frame. */
  sample(nowMs?: number): BlocksWorldView;
}
