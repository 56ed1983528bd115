/** The ground's pictures, painted from the world's seed. */
import {
  createSequence,
  hashNoise,
  layeredNoise,
  mix,
  smoothStep,
  valueNoise,
} from "../../scene/noise.ts";

/** Texels on a side of both pictures. */
export const DETAIL_SIZE = 512;
export const MAP_SIZE = 256;

/** A place that the map shows, in parts of the world's width and height. */
interface Plaza {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The lie of the land. */
export interface GroundMap {
  /** red: paving, green: kind of grass, blue: trodden earth, alpha: clouds. */
  readonly pixels: Uint8Array;
  /** Middle of the great plaza, in parts of the world's width and height. */
  readonly heart: { readonly x: number; readonly y: number };
}

/** Paints the whole world, once over. */
export function paintMap(seed: number): GroundMap {
  const plazas = layPlazas(seed);
  const pixels = new Uint8Array(MAP_SIZE * MAP_SIZE * 4);
  for (let row = 0; row < MAP_SIZE; row += 1) {
    for (let column = 0; column < MAP_SIZE; column += 1) {
      const x = (column + 0.5) / MAP_SIZE;
      const y = (row + 0.5) / MAP_SIZE;
      const offset = (row * MAP_SIZE + column) * 4;
      const rough = layeredNoise(seed + 40, { x: x * 12, y: y * 12 }, 12) - 0.5;
      pixels[offset] = toByte(pavingAt(plazas, x, y) + rough * 0.12);
      pixels[offset + 1] = toByte(
        smoothStep(0.3, 0.7, layeredNoise(seed + 10, { x: x * 9, y: y * 9 }, 9)),
      );
      pixels[offset + 2] = toByte(earthAt(plazas, { x, y, rough }));
      pixels[offset + 3] = toByte(layeredNoise(seed + 20, { x: x * 4, y: y * 4 }, 4));
    }
  }
  const heart = plazas[0] ?? { x: 0.5, y: 0.5 };
  return { pixels, heart: { x: heart.x, y: heart.y } };
}

/** Close-up structure that repeats: red grass, green paving stones, blue noise, alpha joints. */
export function paintDetail(seed: number): Uint8Array {
  const pixels = new Uint8Array(DETAIL_SIZE * DETAIL_SIZE * 4);
  const grass = paintBlades(seed);
  for (let row = 0; row < DETAIL_SIZE; row += 1) {
    for (let column = 0; column < DETAIL_SIZE; column += 1) {
      const index = row * DETAIL_SIZE + column;
      const cobble = cobbleAt(seed, (column / DETAIL_SIZE) * 14, (row / DETAIL_SIZE) * 14);
      const point = { x: column / 16, y: row / 16 };
      const grain = layeredNoise(seed + 70, point, DETAIL_SIZE / 16);
      pixels[index * 4] = toByte(grass[index] ?? 0);
      pixels[index * 4 + 1] = toByte(cobble.shade * 0.75 + grain * 0.3);
      pixels[index * 4 + 2] = toByte(grain);
      pixels[index * 4 + 3] = toByte(cobble.joint);
    }
  }
  return pixels;
}

/** How much paving lies at a point of the map, 0 to 1, for what should not grow there. */
export function mapAt(map: GroundMap, channel: 0 | 1 | 2 | 3, x: number, y: number): number {
  const column = Math.max(0, Math.min(MAP_SIZE - 1, Math.floor(x * MAP_SIZE)));
  const row = Math.max(0, Math.min(MAP_SIZE - 1, Math.floor(y * MAP_SIZE)));
  return (map.pixels[(row * MAP_SIZE + column) * 4 + channel] ?? 0) / 255;
}

function layPlazas(seed: number): readonly Plaza[] {
  const next = createSequence(seed);
  const jitter = () => (next() - 0.5) * 0.1;
  const corners = [
    [0.22, 0.22],
    [0.78, 0.22],
    [0.22, 0.78],
    [0.78, 0.78],
  ] as const;
  const heart = { x: 0.5 + jitter() * 0.3, y: 0.5 + jitter() * 0.3, radius: 0.115 };
  const others = corners.map(([x, y]) => ({
    x: x + jitter(),
    y: y + jitter(),
    radius: 0.045 + next() * 0.02,
  }));
  return [heart, ...others];
}

function pavingAt(plazas: readonly Plaza[], x: number, y: number): number {
  let paving = 0;
  for (const plaza of plazas) {
    const distance = Math.hypot(x - plaza.x, y - plaza.y);
    paving = Math.max(paving, smoothStep(plaza.radius + 0.012, plaza.radius - 0.012, distance));
  }
  const edge = Math.min(x, y, 1 - x, 1 - y);
  return Math.max(paving, smoothStep(0.021, 0.011, edge) * 0.75);
}

function earthAt(plazas: readonly Plaza[], at: { x: number; y: number; rough: number }): number {
  const heart = plazas[0];
  if (heart === undefined) return 0;
  let nearest = 1;
  for (const plaza of plazas.slice(1)) {
    nearest = Math.min(nearest, distanceToPath(heart, plaza, at));
  }
  return smoothStep(0.032, 0.004, nearest) + smoothStep(0.24, 0.4, at.rough) * 0.9;
}

function distanceToPath(
  from: Plaza,
  to: Plaza,
  at: { x: number; y: number; rough: number },
): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const along = ((at.x - from.x) * dx + (at.y - from.y) * dy) / (dx * dx + dy * dy);
  const t = Math.max(0, Math.min(1, along));
  const bend = Math.sin(t * Math.PI * 2) * 0.03 + at.rough * 0.05;
  const length = Math.hypot(dx, dy);
  const x = from.x + dx * t - (dy / length) * bend;
  const y = from.y + dy * t + (dx / length) * bend;
  return Math.hypot(at.x - x, at.y - y);
}

/** Thousands of short strokes that wrap around the edges. */
function paintBlades(seed: number): Float32Array {
  const next = createSequence(seed + 5);
  const shades = new Float32Array(DETAIL_SIZE * DETAIL_SIZE).fill(0.42);
  for (let blade = 0; blade < 15_000; blade += 1) {
    const x = next() * DETAIL_SIZE;
    const y = next() * DETAIL_SIZE;
    const lean = (next() - 0.5) * 1.2;
    const length = 4 + next() * 9;
    const shade = 0.28 + next() * 0.5;
    for (let step = 0; step < length; step += 1) {
      const column = Math.floor(x + lean * step + DETAIL_SIZE) % DETAIL_SIZE;
      const row = Math.floor(y - step + DETAIL_SIZE) % DETAIL_SIZE;
      shades[row * DETAIL_SIZE + column] = mix(shade * 0.75, shade * 1.15, step / length);
    }
  }
  return shades;
}

/** Worley cells: https://dl.acm.org/doi/10.1145/237170.237267 */
function cobbleAt(seed: number, x: number, y: number): { shade: number; joint: number } {
  const period = 14;
  const column = Math.floor(x);
  const row = Math.floor(y);
  let first = 9;
  let second = 9;
  let shade = 0;
  for (let dy = -1; dy <= 1; dy += 1) {
    for (let dx = -1; dx <= 1; dx += 1) {
      const cx = (column + dx + period) % period;
      const cy = (row + dy + period) % period;
      const px = column + dx + 0.5 + (hashNoise(seed, cx, cy) - 0.5) * 0.7;
      const py = row + dy + 0.5 + (hashNoise(seed + 1, cx, cy) - 0.5) * 0.7;
      const distance = Math.hypot(x - px, y - py);
      if (distance < first) {
        second = first;
        first = distance;
        shade = hashNoise(seed + 2, cx, cy);
      } else if (distance < second) {
        second = distance;
      }
    }
  }
  const wear = valueNoise(seed + 3, { x: x * 2, y: y * 2 }, period * 2);
  return { shade: shade * 0.7 + wear * 0.3, joint: smoothStep(0.03, 0.16, second - first) };
}

function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value * 255)));
}
