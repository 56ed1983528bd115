/** The land around the player in a corner, as far as it was seen, and who is there. */
import { Block, BlocksKind, CHUNK_AREA, CHUNK_SIDE, isAnimal } from "#shared/sim/index.ts";
import type { BlocksLandView } from "../../../sdk/blocks/blocks-session-types.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { groundColour, isWater, scaled, surfaceOf } from "../land/block-look.ts";
import { BLOCK } from "../scale.ts";
import type { Figure } from "../scene/figures.ts";

/** Blocks from one side of the map to the other. */
const BLOCKS_ACROSS = 72;
/** Chunks that are remembered; beyond it the one that was painted longest ago is not. */
const CHUNKS_MAX = 400;
const LEAVES: Rgb = [0.24, 0.43, 0.2];
const UNKNOWN = "#1d2a2c";

interface Painted {
  readonly picture: HTMLCanvasElement;
  version: number;
}

export class LandMap {
  readonly #canvas: HTMLCanvasElement;
  readonly #painted = new Map<
    number,
    Painted & { readonly column: number; readonly row: number }
  >();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Forgets another land. */
  clear(): void {
    this.#painted.clear();
  }

  draw(
    land: BlocksLandView,
    figures: Iterable<Figure>,
    self: { readonly x: number; readonly y: number },
  ): void {
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    this.#paint(land);
    const { width } = this.#canvas;
    const scale = width / BLOCKS_ACROSS;
    const left = self.x - BLOCKS_ACROSS / 2;
    const top = self.y - BLOCKS_ACROSS / 2;
    context.fillStyle = UNKNOWN;
    context.fillRect(0, 0, width, width);
    context.imageSmoothingEnabled = false;
    const side = CHUNK_SIDE * scale;
    for (const { picture, column, row } of this.#painted.values()) {
      const x = (column * CHUNK_SIDE - left) * scale;
      const y = (row * CHUNK_SIDE - top) * scale;
      if (x < width && y < width && x > -side && y > -side) {
        context.drawImage(picture, x, y, side + 0.6, side + 0.6);
      }
    }
    for (const figure of figures) {
      const colour = dotColour(figure);
      if (colour === null || figure.state === "dead") continue;
      const at = { x: (figure.x / BLOCK - left) * scale, y: (figure.y / BLOCK - top) * scale };
      drawDot(context, at, { colour, radius: figure.self ? 7 : isAnimal(figure.kind) ? 3 : 5 });
    }
  }

  /** At most the chunks in sight that are not as they are painted. */
  #paint(land: BlocksLandView): void {
    for (const chunk of land.chunks()) {
      const known = this.#painted.get(chunk.cell);
      if (known?.version === chunk.version) continue;
      const { column, row, version } = chunk;
      const picture = paintChunk(chunk);
      this.#painted.delete(chunk.cell);
      this.#painted.set(chunk.cell, { picture, column, row, version });
      if (this.#painted.size <= CHUNKS_MAX) continue;
      for (const oldest of this.#painted.keys()) {
        this.#painted.delete(oldest);
        break;
      }
    }
  }
}

function paintChunk(chunk: {
  readonly column: number;
  readonly row: number;
  readonly ids: Uint16Array;
  readonly levels: Uint8Array;
}): HTMLCanvasElement {
  const picture = document.createElement("canvas");
  picture.width = CHUNK_SIDE;
  picture.height = CHUNK_SIDE;
  const context = picture.getContext("2d");
  if (context === null) return picture;
  const image = context.createImageData(CHUNK_SIDE, CHUNK_SIDE);
  for (let index = 0; index < CHUNK_AREA; index += 1) {
    const x = chunk.column * CHUNK_SIDE + (index % CHUNK_SIDE);
    const y = chunk.row * CHUNK_SIDE + Math.floor(index / CHUNK_SIDE);
    const colour = colourOf(chunk, index, { x, y });
    image.data.set([...colour.map((part) => Math.min(255, part * 255)), 255], index * 4);
  }
  context.putImageData(image, 0, 0);
  return picture;
}

/** What is seen from above. */
function colourOf(
  { ids, levels }: { readonly ids: Uint16Array; readonly levels: Uint8Array },
  index: number,
  { x, y }: { readonly x: number; readonly y: number },
): Rgb {
  const [floor = 0, active = 0, ceiling = 0] = [0, 1, 2].map(
    (layer) => ids[layer * CHUNK_AREA + index],
  );
  if (ceiling === Block.Tree) return LEAVES;
  if (ceiling !== Block.Air) return scaled(surfaceOf(ceiling).colour, 0.95);
  if (active !== Block.Air) return scaled(surfaceOf(active).colour, 0.8);
  if (isWater(floor)) return surfaceOf(floor).colour;
  return scaled(groundColour(floor, levels[index] ?? 0, x, y), 0.95);
}

function dotColour({ kind, self }: Figure): string | null {
  if (self) return "#ffe27a";
  switch (kind) {
    case BlocksKind.Player:
      return "#ffffff";
    case BlocksKind.Monster:
      return "#ff6a55";
    case BlocksKind.Trader:
      return "#d79bff";
    case BlocksKind.Guard:
      return "#7fc0ff";
    case BlocksKind.Villager:
      return "#cfe0b0";
    default:
      return isAnimal(kind) ? "#f6e8d8" : null;
  }
}

function drawDot(
  context: CanvasRenderingContext2D,
  { x, y }: { readonly x: number; readonly y: number },
  { colour, radius }: { readonly colour: string; readonly radius: number },
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 1.6;
  context.strokeStyle = "rgba(8, 16, 18, 0.9)";
  context.stroke();
}
