/** Draws what one points at over the scene: the block in its layer, and how far one reaches. */
import {
  BLOCKS_UNIT,
  Block,
  BUILD_REACH,
  LAYER_CEILING,
  LAYER_FLOOR,
  STONE_HARDNESS,
} from "#shared/sim/index.ts";
import type { ScreenOverlay, WorldOrigin } from "../../../playcanvas/index.ts";
import { BLOCK, EAVES_HEIGHT, WALL_HEIGHT } from "../scale.ts";
import type { Player } from "./player.ts";

/** By layer: the name on the page, and the colour of the frame. */
export const LAYER_LOOKS = [
  { name: "Floor", colour: "#8fd6ff" },
  { name: "Walls", colour: "#ffd76a" },
  { name: "Roof", colour: "#ff9ecb" },
] as const;

const FAR_COLOUR = "#ff7b6b";
const REACH_POINTS = 48;

interface Frame {
  readonly origin: WorldOrigin;
  /** The own player, in units. */
  readonly self: { readonly x: number; readonly y: number } | null;
}

/** Draws the frame around the block, how worn it is, and the circle of reach when it is beyond. */
export function showAim(overlay: ScreenOverlay, player: Player, frame: Frame): void {
  const { aimed, aimedFigure, layer } = player;
  if (aimed === null || aimedFigure !== null || frame.self === null) return;
  const { place, inReach, id, level } = aimed;
  const look = LAYER_LOOKS[layer] ?? LAYER_LOOKS[1];
  const colour = inReach ? look.colour : FAR_COLOUR;
  const [bottom, top] = heightsOf(layer);
  drawBox(overlay, frame.origin, { x: place.x, y: place.y, bottom, top, colour, filled: inReach });
  if (!inReach) drawReach(overlay, frame, colour);
  const isRock = id === Block.Stone || id === Block.Ore;
  if (isRock && level > 0 && level < STONE_HARDNESS) {
    drawWear(overlay, frame.origin, {
      x: place.x,
      y: place.y,
      height: top,
      part: level / STONE_HARDNESS,
    });
  }
}

function heightsOf(layer: number): readonly [bottom: number, top: number] {
  if (layer === LAYER_FLOOR) return [0, 0];
  return layer === LAYER_CEILING ? [WALL_HEIGHT, EAVES_HEIGHT] : [0, WALL_HEIGHT];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly bottom: number;
  readonly top: number;
  readonly colour: string;
  readonly filled: boolean;
}

function drawBox(overlay: ScreenOverlay, origin: WorldOrigin, box: Box): void {
  const { context } = overlay;
  const corners = (height: number) =>
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ].map(([right = 0, down = 0]) => {
      const x = origin.sceneX((box.x + right) * BLOCK);
      const z = origin.sceneZ((box.y + down) * BLOCK);
      const point = overlay.project(x, height, z);
      return { x: point.x, y: point.y };
    });
  const low = corners(box.bottom);
  const high = box.top === box.bottom ? low : corners(box.top);
  context.lineJoin = "round";
  context.lineWidth = 2;
  context.strokeStyle = box.colour;
  context.beginPath();
  trace(context, high);
  if (box.filled) {
    context.globalAlpha = 0.2;
    context.fillStyle = box.colour;
    context.fill();
  }
  context.globalAlpha = 0.95;
  context.stroke();
  if (high !== low) {
    // The two edges that the camera sees, and between them the lower rim.
    context.globalAlpha = 0.6;
    context.beginPath();
    for (const index of [1, 2, 3]) {
      const [from, to] = [high[index], low[index]];
      if (from === undefined || to === undefined) continue;
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    trace(context, low);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function trace(
  context: CanvasRenderingContext2D,
  points: readonly { readonly x: number; readonly y: number }[],
): void {
  for (const [index, { x, y }] of points.entries()) {
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.closePath();
}

function drawReach(overlay: ScreenOverlay, { origin, self }: Frame, colour: string): void {
  if (self === null) return;
  const { context } = overlay;
  const radius = (BUILD_REACH / BLOCKS_UNIT) * BLOCK;
  context.beginPath();
  for (let index = 0; index < REACH_POINTS; index += 1) {
    const angle = (index / REACH_POINTS) * Math.PI * 2;
    const x = origin.sceneX(self.x + Math.cos(angle) * radius);
    const z = origin.sceneZ(self.y + Math.sin(angle) * radius);
    const point = overlay.project(x, 1, z);
    if (index === 0) context.moveTo(point.x, point.y);
    else context.lineTo(point.x, point.y);
  }
  context.closePath();
  context.setLineDash([6, 7]);
  context.globalAlpha = 0.55;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawWear(
  overlay: ScreenOverlay,
  origin: WorldOrigin,
  { x, y, height, part }: { x: number; y: number; height: number; part: number },
): void {
  const sceneX = origin.sceneX((x + 0.5) * BLOCK);
  const point = overlay.project(sceneX, height + 10, origin.sceneZ((y + 0.5) * BLOCK));
  const { context } = overlay;
  context.fillStyle = "rgba(10, 18, 24, 0.8)";
  context.fillRect(point.x - 21, point.y - 4, 42, 7);
  context.fillStyle = "#ffd76a";
  context.fillRect(point.x - 20, point.y - 3, 40 * part, 5);
}
