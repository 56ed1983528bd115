// The simulation: players that walk, and what each client may see of them.
import type { StateView } from "@colyseus/schema";
import { clamp, dxOf, dyOf, FIFTHS, STANDING, stepFifths, turn } from "./arena.ts";
import { type Avatar, Crowd } from "./interest.ts";
import type { Settings } from "./settings.ts";
import type { Player } from "./state.ts";

/** Wishes that wait for the next tick; an honest client sends one per second. */
const WISHES_MAX = 8;

/** A tick counter of 16 bits is what clients see. */
const TICK_MASK = 0xffff;

export class World {
  readonly #settings: Settings;
  readonly #crowd: Crowd;
  readonly #random: () => number;
  readonly #step: number;
  readonly #edge: number;
  /** Each view is looked at every so many ticks. */
  readonly #lookTicks: number;
  #tick = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#crowd = new Crowd(settings.sideUnits);
    this.#random = createRandom(settings.seed);
    this.#step = stepFifths(settings.rateHz);
    this.#edge = settings.sideUnits * FIFTHS;
    this.#lookTicks = Math.max(1, Math.round(settings.rateHz / settings.viewHz));
  }

  get tick(): number {
    return this.#tick & TICK_MASK;
  }

  get players(): number {
    return this.#crowd.size;
  }

  /** Others that a client sees, itself not counted, on average. */
  get inViewMean(): number {
    const sum = this.#crowd.avatars.reduce((total, one) => total + (one?.seen.length ?? 0), 0);
    return this.#crowd.size === 0 ? 0 : sum / this.#crowd.size;
  }

  /** A newcomer stands at a random place; the player's replicated fields are set. */
  join(player: Player, view: StateView): Avatar {
    const x = Math.floor(this.#random() * (this.#edge + 1));
    const y = Math.floor(this.#random() * (this.#edge + 1));
    const avatar: Avatar = {
      slot: this.#crowd.takeSlot(),
      player,
      view,
      pose: STANDING,
      visibleFromTick: this.#tick + 2,
      isWatching: false,
      seen: [],
      wishes: [],
    };
    Object.assign(player, { x, y, pose: STANDING, ack: 0 });
    this.#crowd.add(avatar, x, y);
    return avatar;
  }

  leave(avatar: Avatar): void {
    this.#crowd.remove(avatar);
  }

  /** A client wishes to walk as in `wish`, a pose; beyond the bound the oldest wish is lost. */
  wish(avatar: Avatar, wish: number, sequence: number): void {
    if (avatar.wishes.length >= WISHES_MAX * 2) avatar.wishes.splice(0, 2);
    avatar.wishes.push(wish, sequence);
  }

  /** One tick: wishes, steps, views. */
  step(): void {
    this.#tick += 1;
    const { avatars } = this.#crowd;
    for (const avatar of avatars) if (avatar !== undefined) this.#walk(avatar);
    const stride = this.#lookTicks;
    for (let slot = this.#tick % stride; slot < avatars.length; slot += stride) {
      const avatar = avatars[slot];
      if (avatar?.isWatching === true) this.#crowd.look(avatar, this.#tick);
    }
  }

  #walk(avatar: Avatar): void {
    if (avatar.wishes.length > 0) applyWishes(avatar);
    const dx = dxOf(avatar.pose);
    const dy = dyOf(avatar.pose);
    if (dx === 0 && dy === 0) return;
    const { slot, player } = avatar;
    const x = clamp((this.#crowd.x[slot] ?? 0) + dx * this.#step, this.#edge);
    const y = clamp((this.#crowd.y[slot] ?? 0) + dy * this.#step, this.#edge);
    this.#crowd.move(slot, x, y);
    if (this.#settings.motion === "directions") return;
    player.x = x;
    player.y = y;
  }
}

/** All wishes in their order; the last one that is allowed decides how the player walks. */
function applyWishes(avatar: Avatar): void {
  const { wishes, player } = avatar;
  for (let at = 0; at < wishes.length; at += 2) {
    const next = turn(avatar.pose, wishes[at] ?? 0);
    if (next !== undefined) avatar.pose = next;
    player.ack = wishes[at + 1] ?? 0;
  }
  wishes.length = 0;
  player.pose = avatar.pose;
}

/** Numbers from 0 up to 1 that depend on the seed alone (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
