/** What one points at: a block of the chosen layer, or somebody. */
import { BLOCKS_UNIT, Block, BUILD_REACH, LAYER_ACTIVE, LAYER_CEILING } from "#shared/sim/index.ts";
import type { BlocksLandView, BlocksPlaceView } from "../../../sdk/blocks/blocks-session-types.ts";
import { formOf } from "../land/block-look.ts";
import { BLOCK, EAVES_HEIGHT, WALL_HEIGHT } from "../scale.ts";
import type { Figure } from "../scene/figures.ts";
import type { SightLine } from "../scene/sight-line.ts";

/** Scene units between two looks along the line of sight. */
const STEP = 2;
/** Scene units around somebody's middle that count as a hit. */
const BODY_RADIUS = 15;
const BODY_HEIGHTS = [8, 18, 30] as const;

/** A block that is pointed at; `id` is Air where there is none. */
export interface AimedBlock {
  readonly place: BlocksPlaceView;
  readonly id: number;
  readonly level: number;
  readonly inReach: boolean;
}

/** A place in blocks, with a fraction. */
interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The block under the line of sight; null where the land is out of sight. */
export function aimAtBlock(
  land: BlocksLandView,
  sight: SightLine,
  { layer, from }: { readonly layer: number; readonly from: Spot },
): AimedBlock | null {
  const spot = layer === LAYER_ACTIVE ? standingAlong(land, sight) : undefined;
  const place = spot ?? blockAt(sight, layer === LAYER_CEILING ? EAVES_HEIGHT : 0, layer);
  const block = land.block(place.x, place.y, place.layer);
  return block === null ? null : { place, ...block, inReach: isInReach(from, place) };
}

/** Whether one can build there. */
export function isInReach(from: Spot, place: Spot): boolean {
  const away = Math.hypot(place.x + 0.5 - from.x, place.y + 0.5 - from.y);
  return away <= BUILD_REACH / BLOCKS_UNIT;
}

/** The first thing that stands in the way of the line of sight. */
function standingAlong(land: BlocksLandView, sight: SightLine): BlocksPlaceView | undefined {
  for (let height = WALL_HEIGHT; height > 0; height -= STEP) {
    const place = blockAt(sight, height, LAYER_ACTIVE);
    const id = land.block(place.x, place.y, LAYER_ACTIVE)?.id ?? Block.Air;
    if (heightOf(id) >= height) return place;
  }
  return undefined;
}

function heightOf(id: number): number {
  switch (formOf(id)) {
    case "none":
    case "water":
      return 0;
    case "flower":
      return 10;
    case "chest":
      return 20;
    default:
      return WALL_HEIGHT;
  }
}

function blockAt(sight: SightLine, height: number, layer: number): BlocksPlaceView {
  const { x, y } = sight.at(height);
  return { x: Math.floor(x / BLOCK), y: Math.floor(y / BLOCK), layer };
}

/** Somebody or something on the line of sight that is really here, the nearest to it. */
export function aimAtFigure(figures: Iterable<Figure>, sight: SightLine): Figure | null {
  let best: Figure | null = null;
  let least = BODY_RADIUS;
  for (const figure of figures) {
    if (figure.self || figure.ghost || figure.state === "dead") continue;
    for (const height of BODY_HEIGHTS) {
      const { x, y } = sight.at(height);
      const away = Math.hypot(figure.x - x, figure.y - y);
      if (away >= least) continue;
      least = away;
      best = figure;
    }
  }
  return best;
}

/** The nearest of those that are wanted, within so many blocks. */
export function nearest(
  figures: Iterable<Figure>,
  from: Spot,
  wanted: { readonly within: number; readonly is: (figure: Figure) => boolean },
): Figure | null {
  let best: Figure | null = null;
  let least = wanted.within;
  for (const figure of figures) {
    if (figure.self || figure.ghost || figure.state === "dead") continue;
    if (!wanted.is(figure)) continue;
    const away = Math.hypot(figure.x / BLOCK - from.x, figure.y / BLOCK - from.y);
    if (away > least) continue;
    least = away;
    best = figure;
  }
  return best;
}
