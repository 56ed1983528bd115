/** All players of the scene, drawn in a few calls however many there are. */
import type { Entity, GraphicsDevice } from "../../playcanvas/engine.ts";
import type { BoundEntity, SessionBinding } from "../../playcanvas/index.ts";
import { Batch, type CopyLook } from "./batch.ts";
import { type CharacterLook, lookOf } from "./character-look.ts";
import {
  advanceMotion,
  type CharacterMotion,
  createMotion,
  flashOf,
  flinch,
  PART,
  poseParts,
} from "./character-pose.ts";
import {
  bodyShape,
  footShape,
  HAIR_HATS,
  handShape,
  hatShapes,
  headShape,
  shadowShape,
  weaponShadowShape,
  weaponShapes,
} from "./character-shapes.ts";
import type { Effects } from "./effects.ts";
import type { Materials } from "./materials.ts";
import type { Shape } from "./shapes.ts";

const WHITE = [1, 1, 1] as const;

interface Actor {
  readonly name: string;
  readonly look: CharacterLook;
  readonly motion: CharacterMotion;
}

/** Turns what the binding shows into moving, fighting figures. */
export class Crowd {
  readonly #actors = new Map<number, Actor>();
  readonly #effects: Effects;
  readonly #body: Batch;
  readonly #head: Batch;
  readonly #hand: Batch;
  readonly #foot: Batch;
  readonly #shadow: Batch;
  readonly #weaponShadow: Batch;
  readonly #hats: readonly Batch[];
  readonly #weapons: readonly Batch[];
  readonly #all: readonly Batch[];

  constructor(
    device: GraphicsDevice,
    from: { materials: Materials; effects: Effects; createChild: (name: string) => Entity },
  ) {
    const { solid, shadow } = from.materials;
    this.#effects = from.effects;
    const batch = (name: string, shape: Shape, material = solid) =>
      new Batch(from.createChild(name), device, { shape, materials: [material] });
    this.#body = batch("body", bodyShape());
    this.#head = batch("head", headShape());
    this.#hand = batch("hand", handShape());
    this.#foot = batch("foot", footShape());
    this.#hats = hatShapes().map((shape) => batch("hat", shape));
    this.#weapons = weaponShapes().map((shape) => batch("weapon", shape));
    this.#shadow = batch("shadow", shadowShape(), shadow);
    this.#weaponShadow = batch("shadow", weaponShadowShape(), shadow);
    this.#all = [
      this.#shadow,
      this.#weaponShadow,
      this.#body,
      this.#head,
      this.#hand,
      this.#foot,
      ...this.#hats,
      ...this.#weapons,
    ];
  }

  /** The look of somebody in sight. */
  lookOf(id: number): CharacterLook | undefined {
    return this.#actors.get(id)?.look;
  }

  /** Shows that somebody was struck. */
  strike(id: number): void {
    const actor = this.#actors.get(id);
    if (actor !== undefined) flinch(actor.motion);
  }

  forget(id: number): void {
    this.#actors.delete(id);
  }

  /** Goes on by `dt` seconds and draws. */
  update(binding: SessionBinding, dt: number): void {
    for (const batch of this.#all) batch.clear();
    for (const bound of binding.bound.values()) this.#draw(bound, dt);
    for (const batch of this.#all) batch.flush();
  }

  #draw(bound: BoundEntity, dt: number): void {
    const actor = this.#actorOf(bound);
    const { motion, look } = actor;
    const { x, z } = bound.entity.getLocalPosition();
    const change = advanceMotion(motion, bound.view, dt);
    if (change.attacked) this.#effects.slash(x, z, bound.view.facingRight);
    if (change.died) this.#effects.fall(x, z, look.colour);
    if (change.rose) this.#effects.rise(x, z, look.colour);
    if (change.stepped) this.#effects.step(x, z);
    if (motion.alpha <= 0) return;
    poseParts(motion, x, z);
    const extra = [motion.alpha, flashOf(motion), 0, 0] as const;
    const tinted = { colour: look.colour, extra };
    const skin = { colour: look.skin, extra };
    const hair = { colour: look.hair, extra };
    this.#put(this.#shadow, motion, PART.body, tinted);
    this.#put(this.#weaponShadow, motion, PART.weapon, tinted);
    this.#put(this.#body, motion, PART.body, tinted);
    this.#put(this.#head, motion, PART.head, skin);
    this.#put(this.#hand, motion, PART.leftHand, skin);
    this.#put(this.#hand, motion, PART.weaponHand, skin);
    this.#put(this.#foot, motion, PART.leftFoot, { colour: WHITE, extra });
    this.#put(this.#foot, motion, PART.rightFoot, { colour: WHITE, extra });
    const hat = HAIR_HATS.has(look.hat) ? hair : tinted;
    this.#put(this.#hats[look.hat], motion, PART.head, hat);
    this.#put(this.#weapons[look.weapon], motion, PART.weapon, tinted);
  }

  #put(
    batch: Batch | undefined,
    motion: CharacterMotion,
    ...[part, look]: readonly [number, CopyLook]
  ): void {
    const transform = motion.parts[part];
    if (transform !== undefined) batch?.add(transform, look);
  }

  #actorOf(bound: BoundEntity): Actor {
    const known = this.#actors.get(bound.id);
    // A rename changes the look with the name.
    if (known !== undefined && known.name === bound.view.name) return known;
    const look = lookOf(bound.view.name);
    const motion = known?.motion ?? createMotion(bound.view, look.phase);
    const actor = { name: bound.view.name, look, motion };
    this.#actors.set(bound.id, actor);
    return actor;
  }
}
