import { CellChanges } from "#shared/time/cell-changes.ts";
import { clearPlayerEffects, createPlayerEffects, type PlayerEffects } from "../../kernel/world.ts";
import type { BlocksPlayer } from "./messages.ts";
import type { RemoteOutcome } from "./mirror.ts";

/** What one tick did that others must be told. */
export interface BlocksEffects extends PlayerEffects<BlocksPlayer> {
  /** Cells of which block or level changed, for whatever reason, with what was there. */
  readonly changed: Map<number, BlockBefore>;
  /** Cells of which something else changed: the data, or where the block's item is. */
  readonly beside: Set<number>;
  /** Those of them of which block or level was changed here and not in another region. */
  readonly written: Set<number>;
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
    ...createPlayerEffects<BlocksPlayer>(),
    changed: new Map(),
    beside: new Set(),
    written: new Set(),
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
  clearPlayerEffects(effects);
  effects.changed.clear();
  for (const set of [effects.beside, effects.written, effects.lasting]) set.clear();
  const { hits, deaths, emotes, lines, opened, appeared, vanished, remotes } = effects;
  for (const list of [hits, deaths, emotes, lines]) list.length = 0;
  for (const list of [opened, appeared, vanished, remotes]) list.length = 0;
  effects.stamped.clear();
}
