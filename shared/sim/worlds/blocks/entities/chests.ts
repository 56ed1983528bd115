// What is in a chest: the block's data, three bytes for each slot (item u16, count u8), empty slots
// at the end left out. Every region has its own contents: what can be owned is never merged.

import { CHEST_SLOTS } from "../constants.ts";
import type { BlocksWorld } from "../world.ts";
import { dataIn, setData } from "../write-block.ts";
import type { Stack } from "./bags.ts";

const STACK_BYTES = 3;

/** What is in a slot of a chest. */
export function stackInChest(world: BlocksWorld, cell: number, slot: number): Stack {
  const data = dataIn(world, cell);
  const start = slot * STACK_BYTES;
  if (data === undefined || start >= data.length) return { item: 0, count: 0 };
  const item = (data[start] ?? 0) | ((data[start + 1] ?? 0) << 8);
  return { item, count: data[start + 2] ?? 0 };
}

/** All slots of a chest in order. */
export function readChest(world: BlocksWorld, cell: number): Stack[] {
  return Array.from({ length: CHEST_SLOTS }, (_, slot) => stackInChest(world, cell, slot));
}

/** Writes one slot of a chest. */
export function writeChestSlot(
  world: BlocksWorld,
  cell: number,
  { slot, stack }: { readonly slot: number; readonly stack: Stack },
): void {
  const stacks = readChest(world, cell);
  stacks[slot] = stack.count === 0 ? { item: 0, count: 0 } : stack;
  while (stacks.at(-1)?.count === 0) stacks.pop();
  const data = new Uint8Array(stacks.length * STACK_BYTES);
  for (const [index, { item, count }] of stacks.entries()) {
    data.set([item & 0xff, item >> 8, count], index * STACK_BYTES);
  }
  setData(world, cell, data);
}

/** First slot of a chest that is empty, or -1. */
export function freeChestSlot(world: BlocksWorld, cell: number): number {
  return readChest(world, cell).findIndex(({ count }) => count === 0);
}
