/** Repeatable noise for generated art: the same seed paints the same world for everyone. */

/** Uniform in [0, 1) from a seed and two integers. */
export function hashNoise(seed: number, x: number, y: number): number {
  let h = Math.imul(x, 0x27d4eb2f) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth noise in [0, 1) that repeats every `period` whole steps on both axes. */
export function valueNoise(seed: number, point: { x: number; y: number }, period: number): number {
  const column = Math.floor(point.x);
  const row = Math.floor(point.y);
  const u = ease(point.x - column);
  const v = ease(point.y - row);
  const left = modulo(column, period);
  const right = modulo(column + 1, period);
  const top = modulo(row, period);
  const bottom = modulo(row + 1, period);
  const upper = mix(hashNoise(seed, left, top), hashNoise(seed, right, top), u);
  const lower = mix(hashNoise(seed, left, bottom), hashNoise(seed, right, bottom), u);
  return mix(upper, lower, v);
}

/** Four octaves of `valueNoise`, in [0, 1). */
export function layeredNoise(
  seed: number,
  point: { x: number; y: number },
  period: number,
): number {
  let sum = 0;
  let weight = 0.5;
  let scale = 1;
  for (let octave = 0; octave < 4; octave += 1) {
    const scaled = { x: point.x * scale, y: point.y * scale };
    sum += weight * valueNoise(seed + octave, scaled, period * scale);
    weight /= 2;
    scale *= 2;
  }
  return sum / 0.9375;
}

/** Uniform numbers in [0, 1), one after another. */
export function createSequence(seed: number): () => number {
  let count = 0;
  return () => {
    count += 1;
    return hashNoise(seed, count, 0x51ed);
  };
}

/** FNV-1a of a text, for choices that should stay with a name. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** From `a` to `b` as `t` goes from 0 to 1. */
export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothStep(low: number, high: number, value: number): number {
  return ease(Math.max(0, Math.min(1, (value - low) / (high - low))));
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

function modulo(value: number, period: number): number {
  return ((value % period) + period) % period;
}
