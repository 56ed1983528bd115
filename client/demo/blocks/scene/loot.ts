/** What lies on the ground: small things that turn and bob so that one sees them. */
import { BlocksKind } from "#shared/sim/index.ts";
import type { Entity, GraphicsDevice } from "../../../playcanvas/engine.ts";
import type { SessionBinding } from "../../../playcanvas/index.ts";
import { Batch } from "../../scene/batch.ts";
import type { Materials } from "../../scene/materials.ts";
import {
  ball,
  box,
  join,
  lathe,
  moved,
  paint,
  pitched,
  rolled,
  type Shape,
  TINTED,
  yawed,
} from "../../scene/shapes.ts";
import { createPlacement, createTransform, place } from "../../scene/transform.ts";
import { type ItemForm, itemLook } from "../items/item-look.ts";
import { type Figure, type Figures, GHOST_ALPHA } from "./figures.ts";

const WOOD = paint("#8a5a36");
const BONE = paint("#f4eadb");
const GLASS = paint("#e8f4f6");
const STRING = paint("#6d4c2c");

const SHAPES: Readonly<Record<ItemForm, Shape>> = {
  block: join(
    moved(box([9, 9, 9], TINTED), 0, 6, 0),
    moved(box([9.2, 0.8, 9.2], paint("#ffffff", 0.6)), 0, 10.4, 0),
  ),
  bottle: join(
    lathe(
      [
        [0, 0, TINTED],
        [5, 1, TINTED],
        [5, 6, TINTED],
        [1.8, 9, GLASS],
        [1.8, 12, WOOD],
        [0, 13, WOOD],
      ],
      8,
    ),
  ),
  coin: moved(
    pitched(
      lathe(
        [
          [0, -0.9, TINTED],
          [5, -0.9, TINTED],
          [5, 0.9, TINTED],
          [0, 0.9, TINTED],
        ],
        12,
      ),
      Math.PI / 2,
    ),
    0,
    7,
    0,
  ),
  meat: join(
    moved(ball([6, 4, 4.6], TINTED, [8, 5]), 1, 5, 0),
    moved(rolled(box([9, 1.8, 1.8], BONE), 0.2), -7, 4.4, 0),
  ),
  tuft: join(
    moved(ball([5, 4, 5], TINTED, [7, 4]), 0, 4, 0),
    moved(ball([3.6, 3, 3.6], TINTED, [6, 4]), 3, 7, 1),
    moved(ball([3.2, 3, 3.2], TINTED, [6, 4]), -3, 6.6, -1),
  ),
  pickaxe: rolled(
    join(
      moved(box([1.8, 18, 1.8], WOOD), 0, 8, 0),
      moved(yawed(box([14, 2.6, 2.4], TINTED, 0.7), 0), 0, 16, 0),
    ),
    0.5,
  ),
  bucket: join(
    lathe(
      [
        [4, 0, paint("#8c96a3")],
        [5.6, 9, paint("#aeb8c4")],
        [5, 9, TINTED],
        [0, 8, TINTED],
      ],
      9,
    ),
  ),
  bag: join(
    lathe(
      [
        [4.4, 0, TINTED],
        [5.6, 4, TINTED],
        [2, 9, STRING],
        [3.4, 11.4, TINTED],
      ],
      8,
    ),
  ),
};

export interface LootParts {
  readonly materials: Materials;
  readonly createChild: (name: string) => Entity;
}

export class Loot {
  readonly #batches = new Map<ItemForm, Batch>();
  readonly #device: GraphicsDevice;
  readonly #parts: LootParts;
  readonly #placement = createPlacement();
  readonly #transform = createTransform();
  #seconds = 0;

  constructor(device: GraphicsDevice, parts: LootParts) {
    this.#device = device;
    this.#parts = parts;
  }

  /** Goes on by `dt` seconds and draws what is in the picture. */
  update(
    binding: SessionBinding,
    { figures, dt }: { readonly figures: Figures; readonly dt: number },
    inPicture: (figure: Figure) => boolean,
  ): void {
    this.#seconds += dt;
    for (const batch of this.#batches.values()) batch.clear();
    for (const { id, entity } of binding.bound.values()) {
      const figure = figures.get(id);
      if (figure?.kind !== BlocksKind.Item || !inPicture(figure)) continue;
      const { x, z } = entity.getLocalPosition();
      const look = itemLook(figure.item);
      const turn = this.#seconds * 1.6 + id;
      const at = this.#placement;
      Object.assign(at, { x, y: 3 + Math.sin(turn * 1.7) * 1.8, z, turnY: turn, scale: 1 });
      this.#batchOf(look.form).add(place(this.#transform, at), {
        colour: look.colour,
        extra: [figure.ghost ? GHOST_ALPHA : 1, 0.12 + 0.1 * Math.sin(turn * 2), 0, 0],
      });
    }
    for (const batch of this.#batches.values()) batch.flush();
  }

  #batchOf(form: ItemForm): Batch {
    const known = this.#batches.get(form);
    if (known !== undefined) return known;
    const { materials, createChild } = this.#parts;
    const made = new Batch(createChild("loot"), this.#device, {
      shape: SHAPES[form],
      materials: [materials.shadow, materials.solid],
    });
    this.#batches.set(form, made);
    return made;
  }
}
