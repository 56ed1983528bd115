/** All players of the scene, drawn in a few calls however many there are. */
import type { Entity, GraphicsDevice } from "../../playcanvas/engine.ts";
import type { BoundEntity, SessionBinding } from "../../playcanvas/index.ts";
import type { EntityView } from "../../sdk/session-types.ts";
import { Batch, type CopyLook } from "./batch.ts";
import { type CharacterLook, lookOf } from "./character-look.ts";
import {
  advanceMotion,
  type CharacterMotion,
  createMotion,
  flashOf,
  flinch,
  type MotionChange,
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

/** The batches of all parts, at one detail. */
interface Parts {
  readonly shadow: Batch;
  readonly weaponShadow: Batch;
  readonly body: Batch;
  readonly head: Batch;
  readonly hand: Batch;
  readonly foot: Batch;
  readonly hats: readonly Batch[];
  readonly weapons: readonly Batch[];
  readonly all: readonly Batch[];
}

/** What a crowd is made with. */
export interface CrowdParts {
  readonly materials: Materials;
  readonly effects: Effects;
  readonly createChild: (name: string) => Entity;
  /** Who is drawn, and how; all, by their names, unless given. */
  readonly lookOf?: (view: EntityView) => CharacterLook | null;
  /** How much of somebody is drawn, 0 to 1; all unless given. */
  readonly alphaOf?: (id: number) => number;
  /** How much is left to see of those who lie dead for long; nothing unless given. */
  readonly fallenAlpha?: number;
}

/** Turns what the binding shows into moving, fighting figures. */
export class Crowd {
  readonly #actors = new Map<number, Actor>();
  readonly #device: GraphicsDevice;
  readonly #from: CrowdParts;
  readonly #effects: Effects;
  readonly #details = new Map<number, Parts>();
  #parts: Parts;

  constructor(device: GraphicsDevice, from: CrowdParts) {
    this.#device = device;
    this.#from = from;
    this.#effects = from.effects;
    this.#parts = this.#partsOf(1);
  }

  /** 1 for round shapes, less for fewer triangles. */
  set detail(detail: number) {
    for (const batch of this.#parts.all) {
      batch.clear();
      batch.flush();
    }
    this.#parts = this.#partsOf(detail);
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

  /** Goes on by `dt` seconds and draws those in the picture. */
  update(binding: SessionBinding, dt: number, inPicture: (view: EntityView) => boolean): void {
    for (const batch of this.#parts.all) batch.clear();
    for (const bound of binding.bound.values()) {
      const actor = this.#actorOf(bound);
      if (actor === null) continue;
      const change = advanceMotion(actor.motion, bound.view, dt);
      if (inPicture(bound.view)) this.#draw(bound, actor, change);
    }
    for (const batch of this.#parts.all) batch.flush();
  }

  #draw(bound: BoundEntity, { motion, look }: Actor, change: MotionChange): void {
    const parts = this.#parts;
    const { x, z } = bound.entity.getLocalPosition();
    if (change.attacked) this.#effects.slash(x, z, bound.view.facingRight);
    if (change.died) this.#effects.fall(x, z, look.colour);
    if (change.rose) this.#effects.rise(x, z, look.colour);
    if (change.stepped) this.#effects.step(x, z);
    const left = Math.max(motion.alpha, this.#from.fallenAlpha ?? 0);
    if (left <= 0) return;
    poseParts(motion, x, z);
    const alpha = left * (this.#from.alphaOf?.(bound.id) ?? 1);
    const extra = [alpha, flashOf(motion), 0, 0] as const;
    const tinted = { colour: look.colour, extra };
    const skin = { colour: look.skin, extra };
    const hair = { colour: look.hair, extra };
    this.#put(parts.shadow, motion, PART.body, tinted);
    if (look.weapon >= 0) this.#put(parts.weaponShadow, motion, PART.weapon, tinted);
    this.#put(parts.body, motion, PART.body, tinted);
    this.#put(parts.head, motion, PART.head, skin);
    this.#put(parts.hand, motion, PART.leftHand, skin);
    this.#put(parts.hand, motion, PART.weaponHand, skin);
    this.#put(parts.foot, motion, PART.leftFoot, { colour: WHITE, extra });
    this.#put(parts.foot, motion, PART.rightFoot, { colour: WHITE, extra });
    const hat = HAIR_HATS.has(look.hat) ? hair : tinted;
    this.#put(parts.hats[look.hat], motion, PART.head, hat);
    this.#put(parts.weapons[look.weapon], motion, PART.weapon, tinted);
  }

  #partsOf(detail: number): Parts {
    const known = this.#details.get(detail);
    if (known !== undefined) return known;
    const { solid, shadow } = this.#from.materials;
    const batch = (name: string, shape: Shape, material = solid) =>
      new Batch(this.#from.createChild(name), this.#device, { shape, materials: [material] });
    const single = {
      shadow: batch("shadow", shadowShape(detail), shadow),
      weaponShadow: batch("shadow", weaponShadowShape(), shadow),
      body: batch("body", bodyShape(detail)),
      head: batch("head", headShape(detail)),
      hand: batch("hand", handShape(detail)),
      foot: batch("foot", footShape(detail)),
    };
    const hats = hatShapes(detail).map((shape) => batch("hat", shape));
    const weapons = weaponShapes().map((shape) => batch("weapon", shape));
    const all = [...Object.values(single), ...hats, ...weapons];
    const parts = { ...single, hats, weapons, all };
    this.#details.set(detail, parts);
    return parts;
  }

  #put(
    batch: Batch | undefined,
    motion: CharacterMotion,
    ...[part, look]: readonly [number, CopyLook]
  ): void {
    const transform = motion.parts[part];
    if (transform !== undefined) batch?.add(transform, look);
  }

  #actorOf(bound: BoundEntity): Actor | null {
    const known = this.#actors.get(bound.id);
    // A rename changes the look with the name.
    if (known !== undefined && known.name === bound.view.name) return known;
    const look =
      this.#from.lookOf === undefined ? lookOf(bound.view.name) : this.#from.lookOf(bound.view);
    if (look === null) return null;
    const motion = known?.motion ?? createMotion(bound.view, look.phase);
    const actor = { name: bound.view.name, look, motion };
    this.#actors.set(bound.id, actor);
    return actor;
  }
}
