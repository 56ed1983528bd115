import type { CellBytes } from "#shared/net/cell-bytes.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import {
  BLOCKS_UNIT,
  BlocksKind,
  type BlocksWorld,
  blocksLayout,
  CHUNK_SIDE,
  chunkWith,
  healthMaxOf,
  NO_CHEST,
  rowOf,
} from "#shared/sim/index.ts";
import type { WantedCells } from "../wanted-cells.ts";
import { BlocksEncoder } from "./blocks-encoder.ts";
import { BLOCKS_EVENT, BlocksEvents } from "./blocks-events.ts";
import { CellNews } from "./cell-news.ts";
import type { EntityLook, EntitySource } from "./entity-source.ts";
import { BlocksGhosts } from "./ghosts/blocks-ghosts.ts";
import { HeldBlocks } from "./held-blocks.ts";
import { ShownBags } from "./shown-bags.ts";
import { ShownChests } from "./shown-chests.ts";
import { ToldEntities } from "./told-entities.ts";

/** As far as a client's frame may reach back. */
const WINDOW_MS_MAX = 900;

/** Field numbers of Ack, BlocksSelf, BlocksControls and BlocksInventory. */
const ACK_BLOCKS = 3;
const SELF = {
  x: 1,
  y: 2,
  controls: 3,
  facing: 4,
  health: 5,
  attackReadyTick: 6,
  inventory: 7,
  chest: 8,
} as const;
const CONTROLS_DX = 1;
const CONTROLS_DY = 2;
const INVENTORY_SLOTS = 1;
/** Field numbers of BlocksOpenChest and BlocksPlace. */
const CHEST_PLACE = 1;
const CHEST_SLOTS = 2;
const PLACE = { x: 1, y: 2, layer: 3 } as const;

/**
 * A world of blocks as it is shown: which blocks, entities and bags are committed, what of it
 * changed within a window, and all that as bytes. `observe` once after every step, `show` once
 * before its frames are made.
 */
export class BlocksScene {
  /** Farthest that a window reaches back. */
  readonly windowTicksMax: number;
  readonly #world: BlocksWorld;
  readonly #held: HeldBlocks;
  readonly #told: ToldEntities;
  readonly #events: BlocksEvents;
  readonly #bags: ShownBags;
  readonly #chests: ShownChests;
  readonly #encoder: BlocksEncoder;
  /** Who lives here as other regions show it, and theirs as they are shown here. */
  readonly ghosts: BlocksGhosts;

  constructor(world: BlocksWorld) {
    const { columns, rows } = world.shape;
    const { tickRate } = world.parameters;
    const ticksMax = Math.floor((WINDOW_MS_MAX * tickRate) / 1_000);
    const source = sourceOf(world);
    const { capacity } = world.entities;
    this.#world = world;
    this.windowTicksMax = ticksMax;
    const news = new CellNews(columns * rows);
    this.#held = new HeldBlocks(columns * rows, ticksMax, news);
    this.#told = new ToldEntities({
      source,
      capacity,
      columns,
      rows,
      tickRate,
      ticksMax,
      news,
    });
    const events = new BlocksEvents(columns * rows, ticksMax, news);
    this.#events = events;
    this.#bags = new ShownBags(world);
    this.#chests = new ShownChests(world);
    this.ghosts = new BlocksGhosts({ world, source, told: this.#told, ticksMax, news, events });
    this.#encoder = new BlocksEncoder({
      tickRate,
      columns,
      rows,
      tables: [this.#told, this.ghosts.table],
      held: this.#held,
      news,
      events,
      chunkOf: (cell) => chunkWith(world.chunks, cell),
    });
  }

  /** Takes all that lasts for committed: before the first step after a start or a replay. */
  adopt(): void {
    this.#bags.adopt();
    this.#chests.adopt();
    this.#told.observe(this.#world.tick);
    this.#told.show(this.#world.tick, this.#world.tick);
  }

  /** Changes of blocks that are not in the database yet. */
  get heldBlocks(): number {
    return this.#held.waiting;
  }

  observe(): void {
    const { tick, effects } = this.#world;
    for (const [cell, before] of effects.changed) this.#held.note(tick, cell, before);
    this.#told.observe(tick);
    this.ghosts.table.observe(tick);
    this.#bags.note();
    this.#chests.note();
    this.#noteEvents();
  }

  show(committedTick: number): void {
    const { tick } = this.#world;
    this.#held.show(committedTick, tick);
    this.#told.show(committedTick, tick);
    this.#bags.show(committedTick);
    this.#chests.show(committedTick);
  }

  /** Row of a player's bag, -1 for any other. */
  bagOf(entity: number): number {
    const row = rowOf(this.#world.entities, entity);
    return row === -1 ? -1 : (this.#world.entities.columns.bag[row] ?? 0) - 1;
  }

  /** Tick whose frames are the first to show what is new of a player. */
  changedTick(entity: number): number {
    const row = this.#told.rowOf(entity);
    const told = this.#told.toldTick[row] ?? 0;
    return Math.max(told, this.#bags.of(entity)?.tick ?? 0, this.#chests.of(entity)?.tick ?? 0);
  }

  cellOf(entity: number): number {
    const row = this.#told.rowOf(entity);
    return row === -1 ? -1 : (this.#told.cells[row] ?? 0);
  }

  countIn(cell: number, most: number): number {
    const own = this.#told.members.count(cell, most);
    return own + this.ghosts.table.members.count(cell, most - own);
  }

  heal(cell: number): void {
    this.#encoder.heal(cell, this.#world.tick);
  }

  encode(into: CellBytes, wanted: WantedCells, intervalTicks: number): void {
    this.#encoder.encode(into, wanted, { tick: this.#world.tick, intervalTicks });
  }

  /** Appends Ack.blocks; bag and chest are left out for one who knows them since `knownTick`. */
  writeSelf(entity: number, writer: WireWriter, knownTick: number): void {
    const row = rowOf(this.#world.entities, entity);
    if (row === -1) return;
    const { x, y, dx, dy, facing, health, attackReadyTick } = this.#world.entities.columns;
    const start = writer.begin(ACK_BLOCKS);
    writer.uint32(SELF.x, x[row] ?? 0);
    writer.uint32(SELF.y, y[row] ?? 0);
    const controls = writer.begin(SELF.controls);
    writer.sint32(CONTROLS_DX, dx[row] ?? 0);
    writer.sint32(CONTROLS_DY, dy[row] ?? 0);
    writer.end(controls);
    writer.uint32(SELF.facing, facing[row] ?? 0);
    writer.uint32(SELF.health, health[row] ?? 0);
    writer.uint32(SELF.attackReadyTick, attackReadyTick[row] ?? 0);
    const bag = this.#bags.of(entity);
    if (bag !== undefined && bag.tick > knownTick) {
      const inventory = writer.begin(SELF.inventory);
      const slots = writer.begin(INVENTORY_SLOTS);
      for (const value of bag.slots) writer.packed(value);
      writer.end(slots);
      writer.end(inventory);
    }
    this.#writeChest(entity, writer, knownTick);
    writer.end(start);
  }

  /** Where somebody else looks into the chest too, each of them is told. */
  #writeChest(entity: number, writer: WireWriter, knownTick: number): void {
    const shown = this.#chests.of(entity);
    if (shown === undefined || shown.tick <= knownTick) return;
    const start = writer.begin(SELF.chest);
    if (shown.cell !== NO_CHEST) {
      const place = blocksLayout.placeOf(this.#world.shape, shown.cell);
      const at = writer.begin(CHEST_PLACE);
      for (const axis of ["x", "y", "layer"] as const) writer.uint32(PLACE[axis], place[axis]);
      writer.end(at);
      const slots = writer.begin(CHEST_SLOTS);
      for (const value of shown.slots) writer.packed(value);
      writer.end(slots);
    }
    writer.end(start);
  }

  #noteEvents(): void {
    const { tick, effects } = this.#world;
    for (const { attacker, target, damage, x, y } of effects.hits) {
      const kind = BLOCKS_EVENT.hit;
      this.#events.note(tick, this.#cellAt(x, y), { kind, values: [attacker, target, damage] });
    }
    for (const { entity, killer, x, y } of effects.deaths) {
      const kind = BLOCKS_EVENT.death;
      this.#events.note(tick, this.#cellAt(x, y), { kind, values: [entity, killer] });
    }
    for (const { entity, emote } of effects.emotes) {
      const kind = BLOCKS_EVENT.emoted;
      this.#events.note(tick, this.#cellOfRow(entity), { kind, values: [entity, emote] });
      this.ghosts.noteEmote(entity, emote);
    }
    for (const { entity, line } of effects.lines) {
      const kind = BLOCKS_EVENT.said;
      this.#events.note(tick, this.#cellOfRow(entity), { kind, values: [entity, line] });
    }
  }

  #cellOfRow(entity: number): number {
    const row = rowOf(this.#world.entities, entity);
    const { x, y } = this.#world.entities.columns;
    return this.#cellAt(x[row] ?? 0, y[row] ?? 0);
  }

  #cellAt(x: number, y: number): number {
    const { columns } = this.#world.shape;
    const length = BLOCKS_UNIT * CHUNK_SIDE;
    return Math.floor(y / length) * columns + Math.floor(x / length);
  }
}

/** By kind; looked at for everybody in every tick. */
const HEALTH_MAX = Int32Array.from({ length: BlocksKind.Vehicle + 1 }, (_, kind) => {
  return healthMaxOf(kind);
});

function sourceOf(world: BlocksWorld): EntitySource {
  const { entities, bags } = world;
  const { kind, x, y, facing, health, mood, item, count, bag } = entities.columns;
  return {
    get rowCount() {
      return entities.rowCount;
    },
    ids: entities.ids,
    kinds: kind,
    x,
    y,
    look(row: number, into: EntityLook) {
      const what = kind[row] ?? 0;
      into.kind = what;
      into.wounds = (HEALTH_MAX[what] ?? 0) - (health[row] ?? 0);
      into.facing = facing[row] ?? 0;
      into.state = mood[row] ?? 0;
      into.item = item[row] ?? 0;
      into.count = count[row] ?? 0;
    },
    nameOf(row) {
      return kind[row] === BlocksKind.Player ? (bags.columns.name[(bag[row] ?? 0) - 1] ?? "") : "";
    },
  };
}
