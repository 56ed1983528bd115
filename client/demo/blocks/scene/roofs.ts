/** Opens ceilings softly around the own player and around what it points at. */
import { LAYER_CEILING } from "#shared/sim/index.ts";
import type { WorldOrigin } from "../../../playcanvas/index.ts";
import type { BlocksLandView } from "../../../sdk/blocks/blocks-session-types.ts";
import type { Opening } from "../land/land-materials.ts";
import { ceilingAt, type Fade, fadeAround } from "../land/openings.ts";
import { BLOCK } from "../scale.ts";

/** How fast openings grow and close, per second. */
const RATE = 7;
const POINTED: Fade = { radius: 1.6, left: 0.2 };
const CLOSED: Fade = { radius: -1, left: 1 };

interface Spot {
  readonly x: number;
  readonly y: number;
}

export class Roofs {
  #own = { radius: -1, left: 1 };
  #there = { radius: -1, left: 1 };
  #pointed: Spot | null = null;
  #lastPointed: Spot = { x: 0, y: 0 };
  #layer = 1;

  /** What is pointed at, in whole blocks, and in which layer. */
  look(pointed: Spot | null, layer: number): void {
    this.#pointed = pointed;
    if (pointed !== null) this.#lastPointed = pointed;
    this.#layer = layer;
  }

  /** The openings of this frame; `at` is the own player, in blocks. */
  openings(
    land: BlocksLandView,
    { at, origin, dt }: { readonly at: Spot; readonly origin: WorldOrigin; readonly dt: number },
  ): readonly Opening[] {
    const part = 1 - Math.exp(-dt * RATE);
    const onCeilings = this.#layer === LAYER_CEILING;
    approach(this.#own, fadeAround(land, at, onCeilings), part);
    const pointed = this.#pointed;
    const covered =
      pointed !== null && !onCeilings && ceilingAt(land, pointed.x, pointed.y) !== "none";
    approach(this.#there, covered ? POINTED : CLOSED, part);
    const there = { x: this.#lastPointed.x + 0.5, y: this.#lastPointed.y + 0.5 };
    // What hides a place stands a little before it.
    return [
      opening({ x: at.x, y: at.y + 0.5 }, this.#own, origin),
      opening({ x: there.x, y: there.y + 0.4 }, this.#there, origin),
    ];
  }
}

function approach(now: { radius: number; left: number }, to: Fade, part: number): void {
  // What is left is that of the opening itself for as long as it closes.
  if (to.radius >= 0) now.left += (to.left - now.left) * part;
  now.radius += (to.radius - now.radius) * part;
}

function opening({ x, y }: Spot, fade: Fade, origin: WorldOrigin): Opening {
  return {
    x: origin.sceneX(x * BLOCK),
    z: origin.sceneZ(y * BLOCK),
    radius: fade.radius * BLOCK,
    left: fade.left,
  };
}
