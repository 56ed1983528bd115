import type { RejectionReason } from "#proto/frame_pb.ts";
import { CellChanges } from "#shared/time/cell-changes.ts";
import type { BlocksPlayer } from "./messages.ts";
import type { RemoteOutcome } from "./mirror.ts";

/** What one tick did that others must be told. */
export interface BlocksEffects {
  /** Cells of which block or level changed, for whatever reason, with what was there. */
  readonly changed: Map<number, BlockBefore>;
  /** Cells of which something else changed: the data, or where the block's item is. */
  readonly beside: Set<number>;
  /** Those of them of which block or level was changed here and not in another region. */
  readonly written: Set<number>;
  readonly joined: BlocksJoined[];
  /** Joins for which there was no room. */
  readonly refused: { readonly playerId: string }[];
  readonly departed: BlocksDeparted[];
  /** Refused controls and actions that are not durable. */
  readonly rejections: BlocksOutcome[];
  /** Durable actions that were done or refused, in their order. */
  readonly outcomes: BlocksOutcome[];
  /** Entities whose bag changed; they may have left since. */
  readonly lasting: Set<number>;
  readonly hits: BlocksHurt[];
  /** Players who died and creatures that are gone. */
  readonly deaths: BlocksDied[];
  readonly emotes: { readonly entity: number; readonly emote: number }[];
  /** Lines of persons who were talked to. */
  readonly lines: BlocksLine[];
  /** Who has another chest open than before; its cell, or `NO_CHEST`. */
  readonly opened: { readonly entity: number; readonly cell: number }[];
  /** Entities that are new, and such as are no more. */
  readonly appeared: number[];
  readonly vanished: BlocksVanished[];
  /** Of a mirrored world: what other regions are to be told, with its stamps. */
  readonly stamped: CellChanges;
  /** Of a mirrored world: what came of each input from another region. */
  readonly remotes: RemoteOutcome[];
}

/** A block as a tick found it. */
export interface BlockBefore {
  readonly id: number;
  readonly level: number;
}

export interface BlocksJoined {
  readonly playerId: string;
  readonly entity: number;
  /** True when the player's entity was still in the world and has been taken over. */
  readonly returning: boolean;
}

export interface BlocksDeparted {
  readonly playerId: string;
  readonly entity: number;
  /** What to keep, and to give to the player's next join. */
  readonly player: BlocksPlayer;
}

export interface BlocksOutcome {
  readonly entity: number;
  readonly sequence: number;
  /** Unspecified: it was done. */
  readonly reason: RejectionReason;
}

export interface BlocksHurt {
  readonly attacker: number;
  readonly target: number;
  readonly damage: number;
  /** Where the target was, in hundredths. */
  readonly x: number;
  readonly y: number;
}

export interface BlocksDied {
  readonly entity: number;
  readonly killer: number;
  readonly x: number;
  readonly y: number;
}

export interface BlocksLine {
  /** Who speaks. */
  readonly entity: number;
  readonly listener: number;
  /** Which of the lines that a client knows. */
  readonly line: number;
}

export interface BlocksVanished {
  readonly entity: number;
  readonly kind: number;
  readonly x: number;
  readonly y: number;
}

/** Of a tick in which nothing happened. */
export function createEffects(): BlocksEffects {
  return {
    changed: new Map(),
    beside: new Set(),
    written: new Set(),
    joined: [],
    refused: [],
    departed: [],
    rejections: [],
    outcomes: [],
    lasting: new Set(),
    hits: [],
    deaths: [],
    emotes: [],
    lines: [],
    opened: [],
    appeared: [],
    vanished: [],
    stamped: new CellChanges(),
    remotes: [],
  };
}

/** Forgets what the last tick did. */
export function clearEffects(effects: BlocksEffects): void {
  effects.changed.clear();
  for (const set of [effects.beside, effects.written, effects.lasting]) set.clear();
  const { joined, refused, departed, rejections, outcomes, hits, deaths } = effects;
  for (const list of [joined, refused, departed, rejections, outcomes, hits, deaths]) {
    list.length = 0;
  }
  const { emotes, lines, opened, appeared, vanished, remotes } = effects;
  for (const list of [emotes, lines, opened, appeared, vanished, remotes]) list.length = 0;
  effects.stamped.clear();
}
