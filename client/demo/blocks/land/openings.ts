/** Where ceilings fade, so that one sees who is under them and what one points at. */
import { Block, LAYER_CEILING } from "#shared/sim/index.ts";
import type { BlocksLandView } from "../../../sdk/blocks/blocks-session-types.ts";

/** A place in blocks, with a fraction. */
interface Spot {
  readonly x: number;
  readonly y: number;
}

/** How far around somebody a ceiling fades, in blocks, and what is left of it. */
export interface Fade {
  readonly radius: number;
  readonly left: number;
}

const NONE: Fade = { radius: -1, left: 1 };
/** A house is opened as a whole, more or less. */
const INDOORS: Fade = { radius: 5.2, left: 0 };
const UNDER_TREES: Fade = { radius: 1.9, left: 0.16 };
/** Of what stands before somebody, as the camera sees it. */
const BEHIND: Fade = { radius: 2, left: 0.22 };
/** Who works on ceilings has to see them. */
const AT_WORK_LEFT = 0.55;

/** Blocks south of a place whose ceiling hides it from the camera. */
const HIDING = [0.7, 1.4, 2.1] as const;
/** Blocks beside it: a tree's top is wider than its block. */
const BESIDE = [-0.6, 0.6] as const;

/** What fades around the own player. */
export function fadeAround(land: BlocksLandView, at: Spot, worksOnCeilings: boolean): Fade {
  const over = ceilingAt(land, at.x, at.y);
  const fade = over === "none" ? behind(land, at) : over === "roof" ? INDOORS : UNDER_TREES;
  return worksOnCeilings ? { ...fade, left: Math.max(fade.left, AT_WORK_LEFT) } : fade;
}

function behind(land: BlocksLandView, { x, y }: Spot): Fade {
  const hidden = HIDING.some((down) => {
    if (ceilingAt(land, x, y + down) !== "none") return true;
    return BESIDE.some((right) => ceilingAt(land, x + right, y + down) === "tree");
  });
  return hidden ? BEHIND : NONE;
}

/** What is over a place. */
export function ceilingAt(land: BlocksLandView, x: number, y: number): "none" | "tree" | "roof" {
  const id = land.block(Math.floor(x), Math.floor(y), LAYER_CEILING)?.id ?? Block.Air;
  if (id === Block.Air) return "none";
  return id === Block.Tree || id === Block.Cactus ? "tree" : "roof";
}
