// A world that several regions have in common. Who wrote last to a block is in a register: for each
// cell that anybody ever wrote to, the write with the greatest (stamp, region) counts, so regions
// that have seen the same writes have the same blocks, in whatever order they came.
//
// Only blocks, their levels and whether somebody placed them are in it. What a block has beside
// that, such as what lies in a chest, belongs to somebody and stays where it is: each region has
// contents of its own.
//
// A tick of a mirrored world begins with its stamp. What is written here is stamped at the end of
// the tick, as it is then: a block that changed three times in between is one write.

import { CellChanges } from "#shared/time/cell-changes.ts";
import { CellRegister } from "#shared/time/cell-register.ts";
import {
  compareStamps,
  makeStamp,
  STAMP_ZERO,
  type Stamp,
  stampMs,
} from "#shared/time/hybrid-clock.ts";
import type { RegionNames } from "#shared/time/region-names.ts";
import { itemOfBlock } from "./blocks/block-behaviours.ts";
import { ItemHome } from "./chunks/item-homes.ts";
import { pristineValue } from "./chunks/pristine-land.ts";
import { readChest } from "./entities/chests.ts";
import { spill } from "./entities/spill.ts";
import { cellAt, placeOf } from "./layout.ts";
import type { BlocksRemote, BlocksStamp } from "./messages.ts";
import type { BlocksWorld } from "./world.ts";
import { blockIn, dataIn, homeIn, levelIn, setHome, setRemoteBlock } from "./write-block.ts";

const LEVEL_BITS = 8;
const LEVEL_MASK = 0xff;
const ID_MASK = 0xffff;
/** Of a block of which the item is in some region, or nowhere: it is not the land's. */
const PLACED = 1 << 24;
/** A block id of 16 bits, a level of 8, and `PLACED`. */
const VALUE_MAX = 0x1ff_ffff;
const COUNTER_MAX = 0xffff;

/** What a world knows of its regions. */
export interface BlocksMirror {
  readonly regions: RegionNames;
  /** Writes by cell; a value is placed << 24 | block id << 8 | level. Changed by steps only. */
  readonly register: CellRegister;
  /** The greatest stamp that was given or seen here. */
  seen: Stamp;
  /** Number of this region, and the tick's stamp; -1 outside of a tick that has one. */
  region: number;
  stamp: Stamp;
}

/** What another region told in a tick, in the order of the inputs. */
export interface RemoteOutcome {
  readonly region: string;
  readonly cells: number;
  /** Writes that a later one stood against, or that no cell of this world can hold. */
  readonly lost: number;
}

/** Of a world that nobody wrote to. */
export function createMirror(regions: RegionNames): BlocksMirror {
  const register = new CellRegister(regions);
  return { regions, register, seen: STAMP_ZERO, region: -1, stamp: STAMP_ZERO };
}

/** Begins a tick's writes: they are this region's from here on. */
export function applyStamp(world: BlocksWorld, input: BlocksStamp): void {
  const { mirror } = world;
  mirror.region = mirror.regions.indexOf(input.region);
  const { anewAfter, forgetBefore } = input;
  mirror.stamp = stampOf(input.stamp);
  if (anewAfter !== undefined) {
    // Whatever was seen since is not to be trusted.
    const limit = stampOf(anewAfter);
    if (compareStamps(mirror.seen, limit) > 0) mirror.seen = mirror.register.greatestStamp(limit);
  }
  mirror.stamp = later(mirror.stamp, mirror.seen);
  mirror.seen = mirror.stamp;
  if (anewAfter !== undefined) {
    const { region, stamp } = mirror;
    mirror.register.stampAnew(stampOf(anewAfter), { stamp, region }, world.effects.stamped);
    // A block that is written in this tick is later than its old write under a new stamp.
    mirror.stamp = later(stamp, stamp);
    mirror.seen = mirror.stamp;
  }
  if (forgetBefore !== undefined) mirror.register.forgetGone(stampOf(forgetBefore));
}

/** Takes in what another region wrote; what is later than what is here counts. */
export function applyRemoteCells(world: BlocksWorld, { region, cells }: BlocksRemote): void {
  const { mirror } = world;
  const number = mirror.regions.indexOf(region);
  const incoming = new CellChanges();
  let lost = 0;
  for (const { x, y, layer, block, stamp, gone } of cells) {
    const cell = cellAt(world.shape, { x, y, layer });
    const change = { x, y, layer, stamp: stampOf(stamp), region: number, value: block, gone };
    incoming.clear();
    incoming.add(change);
    const known = cell !== -1 && block <= VALUE_MAX;
    if (!known || !mirror.register.merge(incoming, 0)) {
      lost += 1;
      continue;
    }
    if (compareStamps(change.stamp, mirror.seen) > 0) mirror.seen = change.stamp;
    const value = gone ? pristineValue(world.pristine, cell) : block;
    takeOver(world, cell, value);
  }
  world.effects.remotes.push({ region, cells: cells.length, lost });
}

/** Ends a tick: stamps what was written here, as it is now. */
export function stampWrites(world: BlocksWorld): void {
  const { mirror, effects } = world;
  if (mirror.region === -1) return;
  const own = new CellChanges();
  const { region } = mirror;
  // Whoever writes to a block in this tick has seen what came in before.
  const stamp =
    compareStamps(mirror.seen, mirror.stamp) > 0 ? later(mirror.stamp, mirror.seen) : mirror.stamp;
  mirror.seen = stamp;
  for (const cell of effects.written) {
    const value = valueIn(world, cell);
    const gone = value === pristineValue(world.pristine, cell);
    own.add({ ...placeOf(world.shape, cell), stamp, region, value, gone });
  }
  mirror.register.mergeAll(own);
  for (let at = 0; at < own.length; at++) effects.stamped.copy(own, at);
  mirror.region = -1;
}

/** Puts back what a snapshot has of the mirror of a world that was just made. */
export function restoreMirror(
  world: BlocksWorld,
  stored: {
    /** Names of the regions that `cells` numbers. */
    readonly regions: readonly string[];
    readonly cells: CellChanges;
    readonly seen: Stamp;
  },
): void {
  const { mirror } = world;
  const numbers = stored.regions.map((name) => mirror.regions.indexOf(name));
  const row = new CellChanges();
  for (let at = 0; at < stored.cells.length; at++) {
    row.clear();
    row.copy(stored.cells, at);
    row.region[0] = numbers[row.region[0] ?? 0] ?? 0;
    mirror.register.merge(row, 0);
  }
  mirror.seen = stored.seen;
}

/** 64 bits as they are on the wire. */
export function stampOf(bits: bigint): Stamp {
  return { hi: Number(bits >> 32n), lo: Number(bits & 0xffff_ffffn) };
}

/** The reverse of `stampOf`. */
export function stampBits({ hi, lo }: Stamp): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}

/** Block, level and whether it was placed, as the register has them. */
export function valueIn(world: BlocksWorld, cell: number): number {
  const placed = homeIn(world, cell) === ItemHome.Land ? 0 : PLACED;
  return placed | (blockIn(world, cell) << LEVEL_BITS) | levelIn(world, cell);
}

function takeOver(world: BlocksWorld, cell: number, value: number): void {
  const id = (value >>> LEVEL_BITS) & ID_MASK;
  const before = blockIn(world, cell);
  const home = homeAfter(world, cell, value);
  // Nothing that was in a chest is lost: it lies where the chest was.
  const contents = id !== before && dataIn(world, cell) !== undefined;
  const stacks = contents ? readChest(world, cell) : [];
  // Nor is what was placed here and stands no more.
  const isFreed = homeIn(world, cell) === ItemHome.Here && home !== ItemHome.Here;
  if (isFreed) stacks.push({ item: itemOfBlock(before), count: 1 });
  setRemoteBlock(world, cell, id, value & LEVEL_MASK);
  setHome(world, cell, home);
  const place = placeOf(world.shape, cell);
  for (const stack of stacks) spill(world, place, stack);
}

/**
 * Where the item of a block is that another region wrote. One that stood here before is known by
 * what it is made of: so the land's blocks give what they drop once in a region, also when a write
 * that had not seen them broken puts them back.
 */
function homeAfter(world: BlocksWorld, cell: number, value: number): ItemHome {
  const item = itemOfBlock((value >>> LEVEL_BITS) & ID_MASK);
  if (item === 0) return ItemHome.Land;
  const stood = itemOfBlock(blockIn(world, cell)) === item;
  const home = homeIn(world, cell);
  const isSame = stood && home === ((value & PLACED) === 0 ? ItemHome.Land : ItemHome.Here);
  return isSame ? home : ItemHome.Elsewhere;
}

/** The stamp, or the next after another where it is not above that. */
function later(stamp: Stamp, other: Stamp): Stamp {
  if (compareStamps(stamp, other) > 0) return stamp;
  const counter = other.lo & COUNTER_MAX;
  if (counter < COUNTER_MAX) return { hi: other.hi, lo: other.lo + 1 };
  return makeStamp(stampMs(other) + 1);
}
