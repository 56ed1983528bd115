import { BLOCKS_VELOCITY_PARTS } from "#shared/net/blocks-turns.ts";
import {
  BLOCKS_UNIT,
  BlocksKind,
  type BlocksWorld,
  CHUNK_SIDE,
  isCreature,
} from "#shared/sim/index.ts";
import {
  type GhostEmote,
  type GhostNews,
  GhostRank,
  type GhostRecord,
  type OwnFigures,
  type RegionGhosts,
} from "../../region-ghosts.ts";
import type { BlocksEvents } from "../blocks-events.ts";
import type { CellNews } from "../cell-news.ts";
import type { EntitySource } from "../entity-source.ts";
import type { ToldEntities } from "../told-entities.ts";
import { GhostTable } from "./ghost-table.ts";

/** Hundredths of a block in a tick: faster than anything moves. */
const SPEED_MAX = 200;
const WOUNDS_MAX = 65_535;
const FACINGS = 8;
const STATE_MAX = 255;
/** Own emotes that wait to be told; at the bound the oldest is not. */
const EMOTES_MAX = 256;

export interface BlocksGhostsOptions {
  readonly world: BlocksWorld;
  readonly source: EntitySource;
  readonly told: ToldEntities;
  /** How far a window reaches back. */
  readonly ticksMax: number;
  readonly news: CellNews;
  readonly events: BlocksEvents;
}

/** A land's players, people and animals as other regions show them, and theirs as shown here. */
export class BlocksGhosts implements RegionGhosts {
  readonly tickRate: number;
  readonly own: OwnFigures;
  readonly table: GhostTable;
  readonly #world: BlocksWorld;
  readonly #width: number;
  readonly #height: number;
  #emotes: GhostEmote[] = [];

  constructor({ world, source, told, ticksMax, news, events }: BlocksGhostsOptions) {
    const { columns, rows } = world.shape;
    const { tickRate } = world.parameters;
    this.#world = world;
    this.tickRate = tickRate;
    this.#width = columns * CHUNK_SIDE * BLOCKS_UNIT;
    this.#height = rows * CHUNK_SIDE * BLOCKS_UNIT;
    this.own = ownFiguresOf(world, source, told);
    this.table = new GhostTable({ columns, rows, tickRate, ticksMax, news, events });
  }

  get tick(): number {
    return this.#world.tick;
  }

  get held(): number {
    return this.table.held;
  }

  get withoutRoom(): number {
    return this.table.withoutRoom;
  }

  get lost(): number {
    return this.table.lost;
  }

  /** Somebody who lives here does it, in sight of other regions too. */
  noteEmote(id: number, emote: number): void {
    this.#emotes.push({ id, emote });
    if (this.#emotes.length > EMOTES_MAX) this.#emotes.shift();
  }

  takeEmotes(): GhostEmote[] {
    return this.#emotes.splice(0);
  }

  canShow({ kind, x, y, vx, vy, wounds, facing, state }: GhostRecord): boolean {
    const speed = Math.max(Math.abs(vx), Math.abs(vy));
    return (
      rankOf(kind) !== GhostRank.None &&
      x < this.#width &&
      y < this.#height &&
      speed <= SPEED_MAX * BLOCKS_VELOCITY_PARTS &&
      wounds <= WOUNDS_MAX &&
      facing < FACINGS &&
      state <= STATE_MAX
    );
  }

  hear(news: GhostNews): void {
    this.table.hear(news);
  }
}

/** What lies about is in one region and shown in no other: nobody elsewhere could take it. */
function rankOf(kind: number): number {
  if (kind === BlocksKind.Player) return GhostRank.Player;
  return isCreature(kind) ? GhostRank.Creature : GhostRank.None;
}

function ownFiguresOf(world: BlocksWorld, source: EntitySource, told: ToldEntities): OwnFigures {
  return {
    get rowCount() {
      return source.rowCount;
    },
    ids: told.ids,
    toldTick: told.toldTick,
    rankOf: (row) => ((told.ids[row] ?? 0) === 0 ? GhostRank.None : rankOf(told.kinds[row] ?? 0)),
    read: (row) => ({
      id: told.ids[row] ?? 0,
      kind: told.kinds[row] ?? 0,
      age: world.tick - (told.at[row] ?? 0),
      x: told.x[row] ?? 0,
      y: told.y[row] ?? 0,
      vx: told.vx[row] ?? 0,
      vy: told.vy[row] ?? 0,
      wounds: told.wounds[row] ?? 0,
      facing: told.facings[row] ?? 0,
      state: told.states[row] ?? 0,
      name: told.nameOf(row),
    }),
  };
}
