// Integer arithmetic that gives the same result in every JavaScript engine.

/** `value`, or the end of `min`..`max` that it lies beyond. */
export function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}

/** Quotient of two integers, rounded up. */
export function divideUp(dividend: number, divisor: number): number {
  return Math.ceil(dividend / divisor);
}

/** Spreads each bit of a 32-bit word over all 32, one to one ("lowbias32", Chris Wellons, 2018). */
export function mixBits(word: number): number {
  let bits = word;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
