import { BLOCKS_VELOCITY_PARTS } from "#shared/net/blocks-turns.ts";
import {
  BLOCKS_UNIT,
  BlocksKind,
  CHUNK_SIDE,
  EMOTE_MAX,
  GHOST_SLOTS,
  ghostId,
} from "#shared/sim/index.ts";
import { CellLists } from "../../cell-lists.ts";
import type { GhostNews, GhostRecord } from "../../region-ghosts.ts";
import { BLOCKS_EVENT, type BlocksEvents } from "../blocks-events.ts";
import type { CellNews } from "../cell-news.ts";
import { Goings } from "../goings.ts";
import type { ToldRecords } from "../told-records.ts";

/** Ghosts of all regions together; more are not shown. */
const GHOSTS_MAX = GHOST_SLOTS;
/** Creatures among them. */
const CREATURES_MAX = 12_288;
/** Messages of other regions that wait for a tick; at the bound the oldest is lost. */
const NEWS_MAX = 256;
/** Records, comings and goings that a tick takes; the rest waits for the next ones. */
const CHANGES_IN_TICK_MAX = 2_048;
/** One of whom nothing was heard for so long is gone. */
const SILENT_SECONDS = 5;
/** Who is silent is looked for so often in a second. */
const LOOKS_PER_SECOND = 2;
const GENERATION_MAX = 4_095;
/** A chunk's side in hundredths of a block. */
const CHUNK = CHUNK_SIDE * BLOCKS_UNIT;

export interface GhostTableOptions {
  /** Chunks beside each other, and below each other. */
  readonly columns: number;
  readonly rows: number;
  readonly tickRate: number;
  /** How far a window reaches back. */
  readonly ticksMax: number;
  readonly news: CellNews;
  readonly events: BlocksEvents;
}

/**
 * Those who live in other regions, beside the world: shown to whoever watches their chunk, and
 * known to nothing else. Each is where its region said, and goes on as it said.
 */
export class GhostTable implements ToldRecords {
  readonly #options: GhostTableOptions;
  readonly ids = new Uint32Array(GHOSTS_MAX);
  readonly kinds = new Uint8Array(GHOSTS_MAX);
  readonly x = new Int32Array(GHOSTS_MAX);
  readonly y = new Int32Array(GHOSTS_MAX);
  readonly vx = new Int32Array(GHOSTS_MAX);
  readonly vy = new Int32Array(GHOSTS_MAX);
  readonly at = new Uint32Array(GHOSTS_MAX);
  readonly wounds = new Uint16Array(GHOSTS_MAX);
  readonly facings = new Uint8Array(GHOSTS_MAX);
  readonly states = new Uint8Array(GHOSTS_MAX);
  /** None of them is an item. */
  readonly items = [];
  readonly counts = [];
  /** They go as their region says, and each is told by a record. */
  readonly gaits = [];
  readonly lookTick = [];
  readonly crossedTick = [];
  readonly crossedBefore = [];
  readonly crossedFrom = [];
  readonly toldTick = new Uint32Array(GHOSTS_MAX);
  readonly cameTick = new Uint32Array(GHOSTS_MAX);
  /** Tellings of one for whom there was no room. */
  withoutRoom = 0;
  /** News that were dropped, because too many waited. */
  lost = 0;
  /** Ghosts that are shown. */
  held = 0;
  #creatures = 0;
  readonly #isCreature = new Uint8Array(GHOSTS_MAX);
  readonly #cells = new Uint32Array(GHOSTS_MAX);
  readonly #generations = new Uint16Array(GHOSTS_MAX);
  readonly #heard = new Uint32Array(GHOSTS_MAX);
  /** Tick of its region in which it was at x, y: what is known already says the same one. */
  readonly #saidAt = new Float64Array(GHOSTS_MAX);
  readonly #theirIds = new Uint32Array(GHOSTS_MAX);
  readonly #names = new Array<string>(GHOSTS_MAX).fill("");
  readonly #homes = new Array<string>(GHOSTS_MAX).fill("");
  /** By region, slot by the id that it has at home. */
  readonly #slots = new Map<string, Map<number, number>>();
  readonly #goings: Goings;
  readonly #members: CellLists;
  #isSorted = true;
  #free: number[] = [];
  /** One past the highest slot that was ever used. */
  #slotCount = 0;
  #news: GhostNews[] = [];
  /** Slots of whoever is gone together with a region's life before. */
  #leaving: number[] = [];
  /** Tick in which the silent are looked for. */
  #lookTick = 0;

  constructor(options: GhostTableOptions) {
    const cells = options.columns * options.rows;
    this.#options = options;
    this.#goings = new Goings(cells);
    this.#members = new CellLists(cells, 64);
  }

  /** Takes what another region tells, with the next tick. */
  hear(news: GhostNews): void {
    this.#news.push(news);
    if (this.#news.length <= NEWS_MAX) return;
    this.#news.shift();
    this.lost += 1;
  }

  /** Takes what was heard before, and lets go of who is silent. */
  observe(tick: number): void {
    this.#goings.forget(tick - this.#options.ticksMax);
    let left = this.#letGo(CHANGES_IN_TICK_MAX, tick);
    while (left > 0) {
      const news = this.#news.shift();
      if (news === undefined) break;
      left -= news.ghosts.length + news.gone.length;
      this.#take(news, tick);
    }
    left = this.#letGo(left, tick);
    if (left > 0 && tick >= this.#lookTick) this.#forgetSilent(tick, left);
  }

  get members(): CellLists {
    if (!this.#isSorted) this.#sort();
    return this.#members;
  }

  get gone(): CellLists {
    return this.#goings.open;
  }

  openWindow(since: number): void {
    this.#goings.openWindow(since);
  }

  nameOf(slot: number): string {
    return this.#names[slot] ?? "";
  }

  homeOf(slot: number): string {
    return this.#homes[slot] ?? "";
  }

  /** Removes who is gone with a life of its region; the result is how many more there may be. */
  #letGo(most: number, tick: number): number {
    let left = most;
    for (; left > 0 && this.#leaving.length > 0; left -= 1) {
      this.#remove(this.#leaving.pop() ?? 0, tick);
    }
    return left;
  }

  #take(news: GhostNews, tick: number): void {
    const { region, anew, gone, ghosts, emotes } = news;
    const before = this.#slots.get(region);
    if (anew) for (const slot of before?.values() ?? []) this.#leaving.push(slot);
    const slots = anew || before === undefined ? new Map<number, number>() : before;
    this.#slots.set(region, slots);
    for (const id of gone) {
      const slot = slots.get(id);
      if (slot !== undefined) this.#remove(slot, tick);
    }
    for (const ghost of ghosts) {
      const known = slots.get(ghost.id);
      const slot = known ?? this.#add(ghost, region);
      if (slot === -1) {
        this.withoutRoom += 1;
        continue;
      }
      this.#heard[slot] = tick;
      const saidAt = news.tick - ghost.age;
      if (known !== undefined && this.#saidAt[slot] === saidAt) continue;
      this.#saidAt[slot] = saidAt;
      this.#tell(slot, ghost, { tick, theirRate: news.tickRate, isNew: known === undefined });
    }
    for (const { id, emote } of emotes) this.#showEmote(slots.get(id), emote, tick);
  }

  #showEmote(slot: number | undefined, emote: number, tick: number): void {
    if (slot === undefined || emote > EMOTE_MAX) return;
    const values = [this.ids[slot] ?? 0, emote] as const;
    const kind = BLOCKS_EVENT.emoted;
    this.#options.events.note(tick, this.#cells[slot] ?? 0, { kind, values });
  }

  /** A slot for one who is new here; -1 when there is none. */
  #add({ id, kind }: GhostRecord, region: string): number {
    const isPlayer = kind === BlocksKind.Player;
    if (this.held >= GHOSTS_MAX || (!isPlayer && this.#creatures >= CREATURES_MAX)) return -1;
    const slot = this.#free.pop() ?? this.#slotCount++;
    const generation = ((this.#generations[slot] ?? 0) % GENERATION_MAX) + 1;
    this.#generations[slot] = generation;
    this.ids[slot] = ghostId(slot, generation);
    this.#theirIds[slot] = id;
    this.#homes[slot] = region;
    this.#slots.get(region)?.set(id, slot);
    this.#isCreature[slot] = isPlayer ? 0 : 1;
    if (!isPlayer) this.#creatures += 1;
    this.held += 1;
    return slot;
  }

  /** A new record, as of now. */
  #tell(
    slot: number,
    { kind, age, x, y, vx, vy, wounds, facing, state, name }: GhostRecord,
    { tick, theirRate, isNew }: { tick: number; theirRate: number; isNew: boolean },
  ): void {
    const { columns, rows, tickRate, news } = this.#options;
    this.x[slot] = within(x + Math.round((vx * age) / BLOCKS_VELOCITY_PARTS), columns * CHUNK);
    this.y[slot] = within(y + Math.round((vy * age) / BLOCKS_VELOCITY_PARTS), rows * CHUNK);
    this.vx[slot] = Math.round((vx * theirRate) / tickRate);
    this.vy[slot] = Math.round((vy * theirRate) / tickRate);
    this.at[slot] = tick;
    this.kinds[slot] = kind;
    this.wounds[slot] = wounds;
    this.facings[slot] = facing;
    this.states[slot] = state;
    this.toldTick[slot] = tick;
    const cell = this.#cellAt(slot);
    const before = this.#cells[slot] ?? 0;
    const isElsewhere = !isNew && cell !== before;
    if (isElsewhere) this.#noteGoing(slot, tick);
    if (isNew || isElsewhere || name !== this.#names[slot]) this.cameTick[slot] = tick;
    this.#names[slot] = name;
    this.#cells[slot] = cell;
    if (isNew || isElsewhere) this.#isSorted = false;
    news.note(cell, tick);
  }

  #remove(slot: number, tick: number): void {
    this.#noteGoing(slot, tick);
    const slots = this.#slots.get(this.#homes[slot] ?? "");
    const theirId = this.#theirIds[slot] ?? 0;
    // In a later life of its region somebody else may have the id.
    if (slots?.get(theirId) === slot) slots.delete(theirId);
    this.ids[slot] = 0;
    this.#names[slot] = "";
    this.#homes[slot] = "";
    this.#free.push(slot);
    this.#creatures -= this.#isCreature[slot] ?? 0;
    this.held -= 1;
    this.#isSorted = false;
  }

  #noteGoing(slot: number, tick: number): void {
    const cell = this.#cells[slot] ?? 0;
    this.#options.news.note(cell, tick);
    this.#goings.note(tick, cell, this.ids[slot] ?? 0);
  }

  #forgetSilent(tick: number, most: number): void {
    const { tickRate } = this.#options;
    this.#lookTick = tick + Math.floor(tickRate / LOOKS_PER_SECOND);
    const heardMin = tick - SILENT_SECONDS * tickRate;
    let left = most;
    for (let slot = 0; slot < this.#slotCount; slot++) {
      if (this.ids[slot] === 0 || (this.#heard[slot] ?? 0) > heardMin) continue;
      this.#remove(slot, tick);
      left -= 1;
      if (left > 0) continue;
      this.#lookTick = tick + 1;
      break;
    }
  }

  #sort(): void {
    this.#members.clear();
    // Backwards, so that each list is in the order of the slots.
    for (let slot = this.#slotCount - 1; slot >= 0; slot--) {
      if (this.ids[slot] !== 0) this.#members.add(this.#cells[slot] ?? 0, slot);
    }
    this.#isSorted = true;
  }

  #cellAt(slot: number): number {
    const row = Math.floor((this.y[slot] ?? 0) / CHUNK);
    return row * this.#options.columns + Math.floor((this.x[slot] ?? 0) / CHUNK);
  }
}

function within(value: number, side: number): number {
  return Math.min(side - 1, Math.max(0, value));
}
