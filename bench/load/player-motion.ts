import type { Random } from "#shared/sim/index.ts";
import {
  type Area,
  type Crowd,
  chooseDirection,
  DIRECTIONS,
  denseArea,
  homeArea,
  randomArea,
  STANDING,
} from "./behaviour.ts";
import { directionBits } from "./wire.ts";

/** Units per second and axis. */
const SPEED = 96;
/** One in so many turns of a roamer leads it to another place. */
const ROAM_TURNS = 30;

export interface MotionOptions {
  readonly random: Random;
  readonly crowd: Crowd;
  readonly roams: boolean;
}

/** Where a client is believed to be, and where it goes next. */
export class PlayerMotion {
  readonly #options: MotionOptions;
  #x = Number.NaN;
  #y = Number.NaN;
  #placeMs = 0;
  #direction = STANDING;
  #area: Area | undefined;
  #world = { width: 0, height: 0 };
  /** Neither attacking nor dead, as far as it was told. */
  isFree = true;

  constructor(options: MotionOptions) {
    this.#options = options;
  }

  /** It is in, standing, and will soon be told where. */
  enter(world: { readonly width: number; readonly height: number }): void {
    this.#world = { width: world.width, height: world.height };
    this.#direction = STANDING;
    this.#x = Number.NaN;
  }

  /** The shard says where it is. */
  told(place: { x: number; y: number; isFree: boolean }, nowMs: number): void {
    this.#x = place.x;
    this.#y = place.y;
    this.#placeMs = nowMs;
    this.isFree = place.isFree;
    this.#area ??= this.#firstArea(place);
  }

  /** Decides on the next direction and goes there; false while it does not know where it is. */
  turn(nowMs: number): boolean {
    if (this.#area === undefined || Number.isNaN(this.#x)) return false;
    const { random, roams } = this.#options;
    if (roams && random.below(ROAM_TURNS) === 0) this.#area = randomArea(this.#world, random);
    this.#moveOn(nowMs);
    const way = { place: { x: this.#x, y: this.#y }, area: this.#area };
    this.#direction = chooseDirection(this.#direction, way, random);
    return true;
  }

  get dx(): number {
    return DIRECTIONS[this.#direction]?.dx ?? 0;
  }

  get dy(): number {
    return DIRECTIONS[this.#direction]?.dy ?? 0;
  }

  /** As others see it. */
  get bits(): number {
    return directionBits(this.dx, this.dy);
  }

  /** Whether it knows where it is. */
  get isPlaced(): boolean {
    return !Number.isNaN(this.#x);
  }

  /** Where it should be at this time. */
  placeAt(nowMs: number): { x: number; y: number } {
    this.#moveOn(nowMs);
    return { x: this.#x, y: this.#y };
  }

  #moveOn(nowMs: number): void {
    const units = (SPEED * Math.max(0, nowMs - this.#placeMs)) / 1_000;
    this.#x = Math.max(0, Math.min(this.#world.width, this.#x + this.dx * units));
    this.#y = Math.max(0, Math.min(this.#world.height, this.#y + this.dy * units));
    this.#placeMs = nowMs;
  }

  #firstArea(place: { readonly x: number; readonly y: number }): Area {
    return this.#options.crowd === "dense" ? denseArea(this.#world) : homeArea(place);
  }
}
