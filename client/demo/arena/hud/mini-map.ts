/** The whole world in a corner: its land, the part in sight, and everyone there. */

import { mix } from "../../scene/noise.ts";
import { type GroundMap, MAP_SIZE } from "../scene/ground-map.ts";

/** A player as a dot. */
export interface MapDot {
  readonly x: number;
  readonly y: number;
  readonly self: boolean;
  readonly dead: boolean;
}

export class MiniMap {
  readonly #canvas: HTMLCanvasElement;
  #land: HTMLCanvasElement | null = null;
  #map: GroundMap | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  draw(from: {
    map: GroundMap;
    world: { width: number; height: number };
    viewport: { width: number; height: number };
    dots: readonly MapDot[];
  }): void {
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    if (this.#map !== from.map) {
      this.#map = from.map;
      this.#land = paintLand(from.map);
    }
    const { width, height } = this.#canvas;
    if (this.#land !== null) context.drawImage(this.#land, 0, 0, width, height);
    const scaleX = width / from.world.width;
    const scaleY = height / from.world.height;
    const self = from.dots.find((dot) => dot.self);
    if (self !== undefined) {
      const sightX = (self.x - from.viewport.width / 2) * scaleX;
      const sightY = (self.y - from.viewport.height / 2) * scaleY;
      context.strokeStyle = "rgba(255, 255, 255, 0.75)";
      context.lineWidth = 2;
      const size = [from.viewport.width * scaleX, from.viewport.height * scaleY] as const;
      context.fillStyle = "rgba(255, 255, 255, 0.10)";
      context.fillRect(sightX, sightY, ...size);
      context.strokeRect(sightX, sightY, ...size);
    }
    for (const dot of from.dots) {
      if (!dot.dead && !dot.self) drawDot(context, dot.x * scaleX, dot.y * scaleY, "#ff6a55", 4.5);
    }
    if (self !== undefined) drawDot(context, self.x * scaleX, self.y * scaleY, "#ffe27a", 7);
  }
}

function drawDot(
  context: CanvasRenderingContext2D,
  ...[x, y, colour, radius]: readonly [number, number, string, number]
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = "rgba(8, 16, 18, 0.9)";
  context.stroke();
}

function paintLand(map: GroundMap): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = MAP_SIZE;
  canvas.height = MAP_SIZE;
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  const image = context.createImageData(MAP_SIZE, MAP_SIZE);
  for (let offset = 0; offset < image.data.length; offset += 4) {
    image.data.set(landColour(map.pixels.subarray(offset, offset + 4)), offset);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function landColour(texel: Uint8Array): readonly [number, number, number, number] {
  const [paving = 0, grass = 0, earth = 0] = texel;
  if (paving > 127) return [148, 142, 132, 255];
  if (earth > 120) return [134, 108, 76, 255];
  const t = grass / 255;
  return [mix(52, 92, t), mix(92, 122, t), mix(56, 62, t), 255];
}
