/** Short-lived marks: slashes, rings, sparks, dust and the numbers of wounds. */
import type { Batch } from "./batch.ts";
import type { Rgb } from "./character-look.ts";
import { createPlacement, createTransform, place, type Transform } from "./transform.ts";

/** Kinds as the decal shader knows them. */
export const DECAL = { puff: 0, ring: 1, slash: 2, marker: 3 } as const;

/** Effects at once at most; beyond it the oldest end early. */
export const EFFECTS_MAX = 256;
const NUMBERS_MAX = 48;

interface Effect {
  kind: number;
  x: number;
  y: number;
  z: number;
  velocityX: number;
  velocityY: number;
  velocityZ: number;
  gravity: number;
  turn: number;
  sizeFrom: number;
  sizeTo: number;
  mirrored: boolean;
  facing: boolean;
  colour: Rgb;
  alpha: number;
  seconds: number;
  lifeSeconds: number;
}

/** A number that rises from a wound; scene units. */
export interface WoundNumber {
  readonly text: string;
  readonly x: number;
  y: number;
  readonly z: number;
  readonly mine: boolean;
  readonly heals?: boolean;
  seconds: number;
}

export const NUMBER_SECONDS = 0.9;

const STILL: Effect = {
  kind: DECAL.puff,
  x: 0,
  y: 1,
  z: 0,
  velocityX: 0,
  velocityY: 0,
  velocityZ: 0,
  gravity: 0,
  turn: 0,
  sizeFrom: 1,
  sizeTo: 1,
  mirrored: false,
  facing: false,
  colour: [1, 1, 1],
  alpha: 1,
  seconds: 0,
  lifeSeconds: 1,
};

/** All effects of the scene; it lives in scene units and moves with the origin. */
export class Effects {
  readonly #effects: Effect[] = [];
  readonly numbers: WoundNumber[] = [];
  readonly #random: () => number;
  readonly #transform: Transform = createTransform();
  readonly #placement = createPlacement();

  constructor(random: () => number) {
    this.#random = random;
  }

  get count(): number {
    return this.#effects.length;
  }

  /** The weapon's way through the air. */
  slash(x: number, z: number, facingRight: boolean): void {
    this.#add({
      kind: DECAL.slash,
      x,
      y: 17,
      z,
      turn: facingRight ? Math.PI / 2 : -Math.PI / 2,
      mirrored: !facingRight,
      sizeFrom: 46,
      sizeTo: 50,
      colour: [1, 0.98, 0.86],
      alpha: 0.85,
      lifeSeconds: 0.3,
    });
  }

  /** Sparks and a number where somebody was struck. */
  hit(x: number, z: number, wound: { damage: number; mine: boolean }): void {
    this.#add({
      kind: DECAL.puff,
      x,
      y: 24,
      z,
      sizeFrom: 14,
      sizeTo: 22,
      facing: true,
      colour: [1, 0.95, 0.7],
      alpha: 0.6,
      lifeSeconds: 0.14,
    });
    for (let spark = 0; spark < 8; spark += 1) {
      const angle = this.#random() * Math.PI * 2;
      const speed = 50 + this.#random() * 90;
      this.#add({
        kind: DECAL.puff,
        x,
        y: 22,
        z,
        velocityX: Math.cos(angle) * speed,
        velocityY: 40 + this.#random() * 90,
        velocityZ: Math.sin(angle) * speed,
        gravity: 320,
        sizeFrom: 3.4,
        sizeTo: 0.8,
        facing: true,
        colour: spark % 2 === 0 ? [1, 0.82, 0.35] : [1, 0.5, 0.3],
        lifeSeconds: 0.35 + this.#random() * 0.25,
      });
    }
    if (wound.damage <= 0) return;
    const text = `−${wound.damage}`;
    const offset = (this.#random() - 0.5) * 18;
    this.numbers.push({ text, x: x + offset, y: 68, z, mine: wound.mine, seconds: 0 });
    if (this.numbers.length > NUMBERS_MAX) this.numbers.shift();
  }

  /** Health that comes back. */
  heal(x: number, z: number, health: number): void {
    this.#ring(x, z, { colour: [0.55, 1, 0.6], size: 30, lifeSeconds: 0.6 });
    const text = `+${health}`;
    this.numbers.push({ text, x, y: 68, z, mine: true, heals: true, seconds: 0 });
    if (this.numbers.length > NUMBERS_MAX) this.numbers.shift();
  }

  /** The ground answers to somebody who falls. */
  fall(x: number, z: number, colour: Rgb): void {
    this.#ring(x, z, { colour, size: 46, lifeSeconds: 0.6 });
    for (let puff = 0; puff < 9; puff += 1) this.#dust(x, z, 60);
  }

  /** Light where somebody appears. */
  rise(x: number, z: number, colour: Rgb): void {
    this.#ring(x, z, { colour: [1, 0.95, 0.75], size: 38, lifeSeconds: 0.7 });
    this.#ring(x, z, { colour, size: 26, lifeSeconds: 0.5 });
    for (let spark = 0; spark < 10; spark += 1) {
      const angle = (spark / 10) * Math.PI * 2;
      this.#add({
        kind: DECAL.puff,
        x: x + Math.cos(angle) * 16,
        y: 4,
        z: z + Math.sin(angle) * 16,
        velocityY: 70 + this.#random() * 50,
        sizeFrom: 3.2,
        sizeTo: 0.6,
        facing: true,
        colour,
        lifeSeconds: 0.7,
      });
    }
  }

  /** Chips of something that is worked on, from its middle. */
  chip(at: { readonly x: number; readonly y: number; readonly z: number }, colour: Rgb): void {
    for (let chip = 0; chip < 7; chip += 1) {
      const angle = this.#random() * Math.PI * 2;
      const speed = 24 + this.#random() * 48;
      this.#add({
        ...at,
        velocityX: Math.cos(angle) * speed,
        velocityY: 50 + this.#random() * 70,
        velocityZ: Math.sin(angle) * speed,
        gravity: 300,
        sizeFrom: 3.6,
        sizeTo: 1.2,
        facing: true,
        colour,
        lifeSeconds: 0.4 + this.#random() * 0.25,
      });
    }
  }

  /** A step's dust. */
  step(x: number, z: number): void {
    this.#dust(x, z, 14);
  }

  /** Goes on by `dt` seconds. */
  advance(dt: number): void {
    let kept = 0;
    for (const effect of this.#effects) {
      effect.seconds += dt;
      if (effect.seconds >= effect.lifeSeconds) continue;
      effect.velocityY -= effect.gravity * dt;
      effect.x += effect.velocityX * dt;
      effect.y = Math.max(0.6, effect.y + effect.velocityY * dt);
      effect.z += effect.velocityZ * dt;
      this.#effects[kept] = effect;
      kept += 1;
    }
    this.#effects.length = kept;
    for (const number of this.numbers) {
      number.seconds += dt;
      number.y += dt * 34 * (1 - number.seconds / NUMBER_SECONDS);
    }
    while ((this.numbers[0]?.seconds ?? 0) >= NUMBER_SECONDS) this.numbers.shift();
  }

  /** Writes all of them into the batch; `tilt` turns a quad toward the camera. */
  draw(batch: Batch, tilt: number): void {
    for (const effect of this.#effects) {
      const t = effect.seconds / effect.lifeSeconds;
      const at = this.#placement;
      at.x = effect.x;
      at.y = effect.y;
      at.z = effect.z;
      at.turnX = effect.facing ? tilt : 0;
      at.turnY = effect.turn;
      at.scale = effect.sizeFrom + (effect.sizeTo - effect.sizeFrom) * Math.sqrt(t);
      place(this.#transform, at);
      if (effect.mirrored) mirror(this.#transform);
      const fade = effect.alpha * (1 - t * t);
      batch.add(this.#transform, {
        colour: effect.colour,
        extra: [fade, effect.kind, t, 0],
      });
    }
  }

  /** Forgets everything, e.g. when the scene's origin moves. */
  clear(): void {
    this.#effects.length = 0;
    this.numbers.length = 0;
  }

  #ring(x: number, z: number, ring: { colour: Rgb; size: number; lifeSeconds: number }): void {
    this.#add({
      kind: DECAL.ring,
      x,
      y: 1.2,
      z,
      sizeFrom: 8,
      sizeTo: ring.size,
      colour: ring.colour,
      lifeSeconds: ring.lifeSeconds,
    });
  }

  #dust(x: number, z: number, speed: number): void {
    const angle = this.#random() * Math.PI * 2;
    this.#add({
      kind: DECAL.puff,
      x,
      y: 3,
      z,
      velocityX: Math.cos(angle) * speed,
      velocityY: 8 + this.#random() * 10,
      velocityZ: Math.sin(angle) * speed,
      sizeFrom: 4,
      sizeTo: 9,
      facing: true,
      colour: [0.88, 0.82, 0.68],
      alpha: 0.42,
      lifeSeconds: 0.5,
    });
  }

  #add(effect: Partial<Effect>): void {
    if (this.#effects.length >= EFFECTS_MAX) this.#effects.shift();
    this.#effects.push({ ...STILL, ...effect });
  }
}

function mirror(transform: Transform): void {
  for (const index of [0, 4, 8]) transform[index] = -(transform[index] ?? 0);
}
