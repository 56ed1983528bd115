import { createEntityTable, type EntityTable } from "../../kernel/entity-table.ts";
import { createGrid, type Grid } from "../../kernel/grid.ts";
import {
  clearPlayerEffects,
  createPlayerEffects,
  type PlayerEffects,
  type World,
} from "../../kernel/world.ts";
import { arenaPlayerColumns } from "./components.ts";
import type { ArenaParameters, ArenaPlayer } from "./messages.ts";
import { type ArenaMeasures, checkArenaParameters, measureArena } from "./parameters.ts";

/** An arena between two ticks. Its state is `tick` and `players`; the rest follows from them. */
export interface ArenaWorld extends World {
  readonly parameters: ArenaParameters;
  readonly measures: ArenaMeasures;
  readonly players: EntityTable<typeof arenaPlayerColumns>;
  /** Row of each player in the world, by player id; an index, changed by joins and leaves only. */
  readonly rowByPlayer: Map<string, number>;
  /** What happened in the last tick; cleared when the next one starts. */
  readonly effects: ArenaEffects;
  /** Room to work in during a step; empty of meaning between two. */
  readonly scratch: ArenaScratch;
}

/** What one tick did that others must be told. */
export interface ArenaEffects extends PlayerEffects<ArenaPlayer> {
  /** Entities of which score, kills, deaths or credits changed; they may have left since. */
  readonly lasting: Set<number>;
  readonly hits: ArenaHit[];
  readonly deaths: ArenaDeath[];
}

export interface ArenaHit {
  readonly attacker: number;
  readonly target: number;
  readonly damage: number;
}

export interface ArenaDeath {
  readonly entity: number;
  readonly killer: number;
}

interface ArenaScratch {
  /** Entities whose attack starts in this tick. */
  readonly strikers: number[];
  readonly grid: Grid;
  /** Rows that a strike hits. */
  readonly targets: Int32Array;
}

/** An empty arena at tick 0; throws a `RangeError` for parameters that are out of range. */
export function createArena(
  parameters: ArenaParameters,
  options: { readonly capacity: number },
): ArenaWorld {
  const { capacity } = options;
  const checked = checkArenaParameters(parameters);
  const measures = measureArena(checked);
  return {
    parameters: checked,
    measures,
    tick: 0,
    players: createEntityTable("players", arenaPlayerColumns, capacity),
    rowByPlayer: new Map(),
    effects: createEffects(),
    scratch: {
      strikers: [],
      grid: createGrid(measures.grid, capacity),
      targets: new Int32Array(capacity),
    },
  };
}

function createEffects(): ArenaEffects {
  return { ...createPlayerEffects<ArenaPlayer>(), lasting: new Set(), hits: [], deaths: [] };
}

/** Forgets what the last tick did. */
export function clearEffects(effects: ArenaEffects): void {
  clearPlayerEffects(effects);
  effects.lasting.clear();
  effects.hits.length = 0;
  effects.deaths.length = 0;
}
