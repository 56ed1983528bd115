import type { Welcome } from "#proto/frame_pb.ts";
import type { CellBytes } from "#shared/net/cell-bytes.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import type { CopyArea, StateCopy } from "#shared/sim/index.ts";
import type { DurableCommand } from "../loop/answers.ts";
import type { PlayerCommand } from "../loop/messages.ts";
import type { MirroredLand } from "./mirrored-land.ts";
import type { RegionGhosts } from "./region-ghosts.ts";
import type { WantedCells } from "./wanted-cells.ts";
import type { WorldEffects } from "./world-effects.ts";

/** The grid of cells that frames are made of. */
export interface CellGrid {
  readonly columns: number;
  readonly rows: number;
  /** Units on a side. */
  readonly cellSize: number;
}

/**
 * A world as the loop drives it, which is what a world brings to a shard: inputs are queued, `step`
 * applies them in one tick and returns them as the journal's bytes. Nothing else changes the world;
 * `replay` of those bytes on an equal world leads to an equal world.
 */
export interface ShardWorld {
  readonly tick: number;
  readonly tickRate: number;
  readonly population: number;
  readonly capacity: number;
  readonly grid: CellGrid;
  /** Units in one of what people are told positions in, such as blocks. */
  readonly unitsTold: number;
  /** What a cell's keyframe takes beside its players, so that all of them fit a publication. */
  readonly keyframeBytes: number;
  readonly effects: WorldEffects;
  /** What regions have in common of the world; undefined in one that is not mirrored. */
  readonly land?: MirroredLand;
  /** Who is shown across regions; as `land`. No part of the world's state. */
  readonly ghosts?: RegionGhosts;
  /** Farthest that a window of `encodeCells` reaches back. */
  readonly windowTicksMax: number;
  readonly inputs: WorldInputs;

  /** One tick with all that was put into `inputs`. */
  step(): Uint8Array;
  /** When more ticks follow at once, nothing but these may be asked of the world in between. */
  replay(inputs: Uint8Array, isMoreToCome?: boolean): void;

  /** 16 hex digits; equal for equal states. */
  hash(): string;
  snapshot(): Uint8Array;
  /**
   * Copies the state for a snapshot that is made on another thread, in a fraction of the time.
   * Whoever takes copies takes all of them: each has only what is new of the texts.
   */
  copySnapshot(area: CopyArea): StateCopy;
  players(): Iterable<{ playerId: string; entity: number }>;
  /** How much there is of what the world is made of, by its name, for metrics. */
  readonly sizes: Readonly<Record<string, number>>;
  /** What people want to know of each player, for a table. */
  describePlayers(): Readonly<Record<string, string | number>>[];
  /** Last sequence applied for a player's entity. */
  sequenceOf(entity: number): number;
  welcome(): Welcome["world"];

  /** Notes what the last step changed; once after each step. */
  observe(): void;
  /**
   * Makes what lasts (scores and the like) visible as of a committed tick, to `encodeCells` and
   * `writeSelf`; once for each tick, right before its frames are made.
   */
  show(committedTick: number): void;
  /** Position of an entity in units, into `out`; false when there is no such entity. */
  locate(entity: number, out: { x: number; y: number }): boolean;
  /** Whether anything about the player itself changed in the last `ticks` ticks. */
  changedWithin(entity: number, ticks: number): boolean;
  /** Cell of an entity, -1 when it is not in the world. */
  cellOf(entity: number): number;
  /** How many are in a cell, counted up to `most`. */
  countIn(cell: number, most: number): number;
  /**
   * Appends the world's part of an Ack: all that is not known to a client whose last one was of
   * `knownTick`, -1 for one that knows nothing.
   */
  writeSelf(entity: number, writer: WireWriter, knownTick: number): void;
  /** A client that watches the cell has something else there: all who do get it anew. */
  healCell(cell: number): void;
  /**
   * Encodes what is wanted; a window is so many times `intervalTicks`. Keyframes that heal are
   * added to what is wanted.
   */
  encodeCells(into: CellBytes, wanted: WantedCells, intervalTicks: number): void;
}

/** What is to happen in the next tick. An `InputQueue` is one for any world. */
export interface WorldInputs {
  join(player: { playerId: string; name: string; restored: Uint8Array | undefined }): void;
  leave(entity: number): void;
  /** The player's connection was lost: it stands still. */
  halt(entity: number): void;
  rename(entity: number, name: string): void;
  /** The shard was started again: all stand still, and who comes gets an id never shown before. */
  restart(): void;
  /** One that carries nothing of this world is refused by its rules, as a tick's effect. */
  command(entity: number, message: PlayerCommand): void;
  /** Whether the message is an action with an id whose outcome is to be kept and answered. */
  isDurable(message: PlayerCommand): message is DurableCommand;
}

/** Makes a world anew or from a snapshot. */
export interface ShardWorldFactory {
  /** Each region has a copy of its own of such a world, and they begin equal. */
  readonly isMirrored: boolean;
  create(options: WorldOptions): ShardWorld;
  /** Throws SnapshotError when the bytes are damaged, of another world or of a newer version. */
  restore(snapshot: Uint8Array, options: WorldOptions): ShardWorld;
}

export interface WorldOptions {
  tickRate: number;
  seed: number;
  /** Most players at once. */
  capacity: number;
  /** Of a new arena: units on a side of the world and of its cells; its own when absent. */
  side?: number;
  cellSize?: number;
  /** Of a new land of blocks: how far from its middle players come to be; its own when absent. */
  spawnBlocks?: number;
}
