// Chance without hidden state: every number is a pure function of what it is for, so neither the
// order in which systems ask nor a restart from a snapshot can change it.

import { mixBits } from "./math.ts";

/**
 * 32 bits that depend on all four numbers, each a 32-bit integer. `salt` keeps apart what one
 * entity draws in one tick.
 */
export function randomUint32(seed: number, tick: number, entity: number, salt: number): number {
  const seeded = mixBits(seed ^ 0x9e3779b9);
  const ticked = mixBits(seeded ^ tick);
  const placed = mixBits((ticked + 0x85ebca6b) ^ entity);
  return mixBits((placed + 0xc2b2ae35) ^ salt);
}

/** Scales 32 random bits to 0..bound-1; `bound` is at most 2^21, so the product stays exact. */
export function scaleRandom(bits: number, bound: number): number {
  return Math.floor((bits * bound) / 0x1_0000_0000);
}

/** A sequence of random numbers, for bots and tests; worlds use `randomUint32`. */
export interface Random {
  /** 0..2^32-1. */
  uint32(): number;
  /** 0..bound-1; `bound` is at most 2^21. */
  below(bound: number): number;
}

/** Starts a sequence; the same seed gives the same numbers on any machine. */
export function createRandom(seed: number): Random {
  let position = 0;
  const uint32 = () => randomUint32(seed, position++, 0, 0);
  return { uint32, below: (bound) => scaleRandom(uint32(), bound) };
}
