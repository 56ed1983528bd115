/** How a player looks: chosen by the name, so that one looks the same to everyone. */
import { hashNoise, hashText } from "./noise.ts";

/** Head gear, in the order of the shapes. */
const HAT_COUNT = 6;
/** Weapons, in the order of the shapes. */
const WEAPON_COUNT = 3;

export type Rgb = readonly [red: number, green: number, blue: number];

export interface CharacterLook {
  readonly colour: Rgb;
  readonly skin: Rgb;
  readonly hair: Rgb;
  readonly hat: number;
  /** -1 for none. */
  readonly weapon: number;
  /** Shifts idle breathing, so that a crowd does not breathe as one. */
  readonly phase: number;
}

const SKINS: readonly Rgb[] = [
  [1, 0.86, 0.74],
  [0.96, 0.77, 0.62],
  [0.85, 0.62, 0.45],
  [0.63, 0.43, 0.3],
  [0.45, 0.3, 0.22],
];
const HAIRS: readonly Rgb[] = [
  [0.2, 0.15, 0.13],
  [0.42, 0.26, 0.15],
  [0.85, 0.62, 0.3],
  [0.72, 0.3, 0.16],
  [0.85, 0.85, 0.88],
];

/** The look that goes with a name. */
export function lookOf(name: string): CharacterLook {
  const seed = hashText(name);
  const pick = (salt: number) => hashNoise(seed, salt, 7);
  // Greens are left out: they would drown in the grass.
  const hue = (pick(1) * 260 + 185) % 360;
  return {
    colour: fromHue(hue, 0.62 + pick(2) * 0.25, 0.5 + pick(3) * 0.12),
    skin: SKINS[Math.floor(pick(4) * SKINS.length)] ?? [1, 1, 1],
    hair: HAIRS[Math.floor(pick(5) * HAIRS.length)] ?? [0, 0, 0],
    hat: Math.floor(pick(6) * HAT_COUNT),
    weapon: Math.floor(pick(7) * WEAPON_COUNT),
    phase: pick(8) * Math.PI * 2,
  };
}

/** CSS text of a colour. */
export function cssColour(colour: Rgb): string {
  return `rgb(${colour.map((part) => Math.round(part * 255)).join(" ")})`;
}

/** Degrees, then two parts of 1; https://www.w3.org/TR/css-color-4/#hsl-to-rgb */
function fromHue(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  function channel(offset: number): number {
    const k = (offset + hue / 30) % 12;
    return lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  }
  return [channel(0), channel(8), channel(4)];
}
