/** All animals in sight, each on its own legs, in a few draw calls for each kind. */
import { BlocksMood } from "#shared/sim/index.ts";
import type { Entity, GraphicsDevice } from "../../../playcanvas/engine.ts";
import type { SessionBinding } from "../../../playcanvas/index.ts";
import { Batch } from "../../scene/batch.ts";
import type { Materials } from "../../scene/materials.ts";
import { combine, createPlacement, createTransform, place } from "../../scene/transform.ts";
import { ANIMALS, type AnimalShape } from "./animal-shapes.ts";
import { type Figure, type Figures, GHOST_ALPHA } from "./figures.ts";

const WHITE = [1, 1, 1] as const;
const FLASH_SECONDS = 0.22;

interface Kind {
  readonly shape: AnimalShape;
  readonly body: Batch;
  readonly head: Batch;
  readonly leg: Batch;
}

interface Beast {
  yaw: number;
  stride: number;
  walking: number;
  /** 0 looks ahead, 1 head in the grass. */
  bowed: number;
  flashSeconds: number;
  seconds: number;
  x: number;
  y: number;
}

export interface HerdParts {
  readonly materials: Materials;
  readonly createChild: (name: string) => Entity;
}

export class Herd {
  readonly #kinds = new Map<number, Kind>();
  readonly #beasts = new Map<number, Beast>();
  readonly #root = createTransform();
  readonly #local = createTransform();
  readonly #part = createTransform();
  readonly #placement = createPlacement();

  constructor(device: GraphicsDevice, { materials, createChild }: HerdParts) {
    for (const [kind, shape] of ANIMALS) {
      const batch = (part: AnimalShape["body"], shadows: boolean) =>
        new Batch(createChild("animals"), device, {
          shape: part,
          materials: shadows ? [materials.shadow, materials.solid] : [materials.solid],
        });
      this.#kinds.set(kind, {
        shape,
        body: batch(shape.body, true),
        head: batch(shape.head, true),
        leg: batch(shape.leg, false),
      });
    }
  }

  /** Shows that one was struck. */
  strike(id: number): void {
    const beast = this.#beasts.get(id);
    if (beast !== undefined) beast.flashSeconds = 0;
  }

  forget(id: number): void {
    this.#beasts.delete(id);
  }

  /** Goes on by `dt` seconds and draws those in the picture. */
  update(
    binding: SessionBinding,
    { figures, dt }: { readonly figures: Figures; readonly dt: number },
    inPicture: (figure: Figure) => boolean,
  ): void {
    const all = [...this.#kinds.values()].flatMap(({ body, head, leg }) => [body, head, leg]);
    for (const batch of all) batch.clear();
    for (const { id, entity } of binding.bound.values()) {
      const figure = figures.get(id);
      const kind = this.#kinds.get(figure?.kind ?? 0);
      if (figure === undefined || kind === undefined) continue;
      const beast = this.#advance(figure, kind.shape, dt);
      if (!inPicture(figure)) continue;
      const { x, z } = entity.getLocalPosition();
      this.#draw(kind, beast, { x, z, alpha: figure.ghost ? GHOST_ALPHA : 1 });
    }
    for (const batch of all) batch.flush();
  }

  #advance(figure: Figure, { pace }: AnimalShape, dt: number): Beast {
    const known = this.#beasts.get(figure.id);
    const beast = known ?? {
      yaw: yawOf(figure.facing),
      stride: figure.id,
      walking: 0,
      bowed: 0,
      flashSeconds: FLASH_SECONDS,
      seconds: figure.id,
      x: figure.x,
      y: figure.y,
    };
    if (known === undefined) this.#beasts.set(figure.id, beast);
    const way = Math.hypot(figure.x - beast.x, figure.y - beast.y);
    beast.x = figure.x;
    beast.y = figure.y;
    beast.seconds += dt;
    beast.flashSeconds += dt;
    beast.stride += (way / pace) * Math.PI * 2;
    const turn = yawOf(figure.facing) - beast.yaw;
    beast.yaw += Math.atan2(Math.sin(turn), Math.cos(turn)) * (1 - Math.exp(-dt * 9));
    const soon = 1 - Math.exp(-dt * 8);
    beast.walking += ((figure.state === "moving" ? 1 : 0) - beast.walking) * soon;
    beast.bowed += ((figure.mood === BlocksMood.Graze ? 1 : 0) - beast.bowed) * soon * 0.6;
    return beast;
  }

  #draw(
    { shape, body, head, leg }: Kind,
    beast: Beast,
    at: { readonly x: number; readonly z: number; readonly alpha: number },
  ): void {
    const flash = Math.max(0, 1 - beast.flashSeconds / FLASH_SECONDS);
    const look = { colour: WHITE, extra: [at.alpha, flash, 0, 0] as const };
    const swing = Math.sin(beast.stride);
    const bob = Math.abs(swing) * 1.3 * beast.walking;
    const breath = Math.sin(beast.seconds * 2.1) * 0.3;
    this.#reset(at.x, bob, at.z).turnY = beast.yaw;
    place(this.#root, this.#placement);
    body.add(this.#root, look);
    const nibble = Math.sin(beast.seconds * 7) * 0.12 * beast.bowed;
    this.#reset(0, shape.neck.y + breath - beast.bowed * shape.neck.y * 0.45, shape.neck.z).turnX =
      beast.bowed * 0.85 + nibble + Math.sin(beast.seconds * 0.7) * 0.08;
    head.add(this.#combined(), look);
    for (const [index, [x, y, z]] of shape.hips.entries()) {
      const along = index % 3 === 0 ? swing : -swing;
      this.#reset(x, y - bob, z).turnX = along * 0.55 * beast.walking;
      leg.add(this.#combined(), look);
    }
  }

  #reset(x: number, y: number, z: number) {
    return Object.assign(this.#placement, { x, y, z, turnX: 0, turnY: 0, turnZ: 0, scale: 1 });
  }

  #combined() {
    return combine(this.#part, this.#root, place(this.#local, this.#placement));
  }
}

/** Radians about the y axis for a facing. */
function yawOf(facing: number): number {
  const angle = (facing * Math.PI) / 4;
  return Math.atan2(Math.cos(angle), Math.sin(angle));
}
