// What players and traders carry: stacks in numbered slots. Nothing here makes or loses an item
// that it was not told to: what goes out of one place goes into another in the same step.

import { SLOTS } from "../constants.ts";
import { stackMax } from "../items/items.ts";
import type { BlocksWorld } from "../world.ts";

/** A stack; count 0 is an empty slot. */
export interface Stack {
  readonly item: number;
  readonly count: number;
}

/** What is in a slot. */
export function stackIn(world: BlocksWorld, bag: number, slot: number): Stack {
  const { items, counts } = world.slots;
  return { item: items[slot]?.[bag] ?? 0, count: counts[slot]?.[bag] ?? 0 };
}

/** Items of a kind in a bag. */
export function countInBag(world: BlocksWorld, bag: number, item: number): number {
  let count = 0;
  for (let slot = 0; slot < SLOTS; slot++) {
    const stack = stackIn(world, bag, slot);
    if (stack.item === item) count += stack.count;
  }
  return count;
}

/** Whether all of these fit. */
export function hasRoom(world: BlocksWorld, bag: number, { item, count }: Stack): boolean {
  let room = 0;
  for (let slot = 0; slot < SLOTS && room < count; slot++) room += roomIn(world, bag, slot, item);
  return room >= count;
}

/** Puts in as many as fit: onto stacks of the same first. Returns how many did not. */
export function putIntoBag(world: BlocksWorld, bag: number, { item, count }: Stack): number {
  let left = count;
  for (const onlyStacks of [true, false]) {
    for (let slot = 0; slot < SLOTS && left > 0; slot++) {
      const stack = stackIn(world, bag, slot);
      if (onlyStacks !== stack.count > 0) continue;
      const taken = Math.min(left, roomIn(world, bag, slot, item));
      if (taken === 0) continue;
      writeSlot(world, bag, slot, { item, count: stack.count + taken });
      left -= taken;
    }
  }
  noteBag(world, bag);
  return left;
}

/** Takes from one slot; at most as many as are there. */
export function takeFromSlot(world: BlocksWorld, bag: number, slot: number, count: number): void {
  const stack = stackIn(world, bag, slot);
  writeSlot(world, bag, slot, {
    item: stack.item,
    count: stack.count - Math.min(count, stack.count),
  });
  noteBag(world, bag);
}

/** Takes so many of a kind, wherever they are; only when there are as many. */
export function takeFromBag(world: BlocksWorld, bag: number, { item, count }: Stack): void {
  let left = count;
  for (let slot = 0; slot < SLOTS && left > 0; slot++) {
    const stack = stackIn(world, bag, slot);
    if (stack.item !== item) continue;
    const taken = Math.min(left, stack.count);
    takeFromSlot(world, bag, slot, taken);
    left -= taken;
  }
}

/** Writes a slot as it is to be; an empty one holds no item. */
export function writeSlot(world: BlocksWorld, bag: number, slot: number, stack: Stack): void {
  const items = world.slots.items[slot];
  const counts = world.slots.counts[slot];
  if (items === undefined || counts === undefined) {
    throw new RangeError(`cannot write slot ${slot}: a bag has slots 0 to ${SLOTS - 1}`);
  }
  items[bag] = stack.count === 0 ? 0 : stack.item;
  counts[bag] = stack.count;
}

/** All slots in rows of two, item and count; empty slots at the end are left out. */
export function readSlots(world: BlocksWorld, bag: number): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < SLOTS; slot++) {
    const { item, count } = stackIn(world, bag, slot);
    slots.push(item, count);
  }
  while (slots.length > 0 && slots.at(-1) === 0) slots.length -= 2;
  return slots;
}

/** Puts slots back as `readSlots` gave them; what a slot cannot hold is cut. */
export function writeSlots(world: BlocksWorld, bag: number, slots: readonly number[]): void {
  for (let slot = 0; slot < SLOTS; slot++) {
    const item = slots[slot * 2] ?? 0;
    const count = Math.min(slots[slot * 2 + 1] ?? 0, stackMax(item));
    writeSlot(world, bag, slot, { item, count });
  }
}

/** What a bag holds changed: its owner is told once that is stored. */
function noteBag(world: BlocksWorld, bag: number): void {
  world.effects.lasting.add(world.bags.columns.owner[bag] ?? 0);
}

function roomIn(world: BlocksWorld, bag: number, slot: number, item: number): number {
  const stack = stackIn(world, bag, slot);
  if (stack.count === 0) return stackMax(item);
  return stack.item === item ? Math.max(0, stackMax(item) - stack.count) : 0;
}
