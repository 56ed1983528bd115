/** What those in sight say, over their heads for as long as it takes to read. */
import type { BoundEntity, ScreenOverlay } from "../../playcanvas/index.ts";

const FONT = "600 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
/** CSS pixels. */
const LINE_HEIGHT = 17;
const WIDTH_MAX = 190;
const PADDING = 9;
const TAIL = 6;
const RADIUS = 9;
const GAP = 4;
/** How far above a name's foot the tail ends. */
const ABOVE_NAME = 27;
/** Units above the ground at which names stand. */
const NAME_HEIGHT = 58;
const LINES_MAX = 3;
/** At the bound the oldest is left out. */
const BUBBLES_MAX = 24;
const SECONDS_MIN = 4;
const SECONDS_MAX = 9;
const SECONDS_PER_CHARACTER = 0.06;
const FADE_SECONDS = 0.5;

interface Bubble {
  readonly lines: readonly string[];
  readonly width: number;
  secondsLeft: number;
}

/** Cuts a text into lines no wider than `widthMax`; what does not fit ends in an ellipsis. */
export function wrapText(
  text: string,
  { widthMax, linesMax }: { readonly widthMax: number; readonly linesMax: number },
  widthOf: (text: string) => number,
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => cutWord(each, widthMax, widthOf))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= widthMax) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  lines.push(line);
  if (lines.length <= linesMax) return lines;
  return [...lines.slice(0, linesMax - 1), `${lines[linesMax - 1] ?? ""}…`];
}

/** A word that is wider than a line, in pieces that are not. */
function cutWord(word: string, widthMax: number, widthOf: (text: string) => number): string[] {
  if (widthOf(word) <= widthMax) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const character of word) {
    if (piece !== "" && widthOf(piece + character) > widthMax) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}

export class Bubbles {
  readonly #bubbles = new Map<number, Bubble>();

  /** One at a time for each: what is said later takes its place. */
  add(entityId: number, text: string, { context }: ScreenOverlay): void {
    context.font = FONT;
    const widthOf = (part: string) => context.measureText(part).width;
    const lines = wrapText(text, { widthMax: WIDTH_MAX, linesMax: LINES_MAX }, widthOf);
    const width = Math.max(...lines.map(widthOf)) + 2 * PADDING;
    const seconds = 2 + text.length * SECONDS_PER_CHARACTER;
    const secondsLeft = Math.min(SECONDS_MAX, Math.max(SECONDS_MIN, seconds));
    this.#bubbles.delete(entityId);
    this.#bubbles.set(entityId, { lines, width, secondsLeft });
    if (this.#bubbles.size <= BUBBLES_MAX) return;
    for (const oldest of this.#bubbles.keys()) {
      this.#bubbles.delete(oldest);
      break;
    }
  }

  advance(dt: number): void {
    for (const [entityId, bubble] of this.#bubbles) {
      bubble.secondsLeft -= dt;
      if (bubble.secondsLeft <= 0) this.#bubbles.delete(entityId);
    }
  }

  /** The latest come lowest; those before make room above them. */
  draw(overlay: ScreenOverlay, bound: ReadonlyMap<number, BoundEntity>): void {
    const { context } = overlay;
    const taken: Box[] = [];
    for (const [entityId, bubble] of [...this.#bubbles].reverse()) {
      const speaker = bound.get(entityId);
      if (speaker === undefined) continue;
      const place = speaker.entity.getLocalPosition();
      const point = overlay.project(place.x, place.y + NAME_HEIGHT, place.z);
      if (point.z < 0 || !overlay.shows(point.x, point.y, WIDTH_MAX)) continue;
      context.globalAlpha = Math.min(1, bubble.secondsLeft / FADE_SECONDS);
      const tip = { x: Math.round(point.x), y: Math.round(point.y) - ABOVE_NAME };
      const box = findRoom(boxOf(bubble, tip), taken);
      taken.push(box);
      drawBubble(context, bubble, { box, tip });
    }
    context.globalAlpha = 1;
  }
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function boxOf({ lines, width }: Bubble, { x, y }: Point): Box {
  const height = lines.length * LINE_HEIGHT + PADDING;
  return { left: x - width / 2, top: y - TAIL - height, width, height };
}

/** The box, so far up that it covers none of the others. */
export function findRoom(box: Box, taken: readonly Box[]): Box {
  let { top } = box;
  for (const other of [...taken].sort((a, b) => b.top - a.top)) {
    const isBeside = box.left >= other.left + other.width || other.left >= box.left + box.width;
    const isBelow = top >= other.top + other.height;
    const isAbove = top + box.height <= other.top;
    if (!isBeside && !isBelow && !isAbove) top = other.top - box.height - GAP;
  }
  return { ...box, top };
}

function drawBubble(
  context: CanvasRenderingContext2D,
  { lines }: Bubble,
  { box, tip }: { readonly box: Box; readonly tip: Point },
): void {
  const { left, top, width, height } = box;
  context.beginPath();
  context.roundRect(left, top, width, height, RADIUS);
  context.moveTo(tip.x - TAIL, top + height);
  context.lineTo(tip.x, tip.y);
  context.lineTo(tip.x + TAIL, top + height);
  context.closePath();
  context.fillStyle = "rgba(252, 250, 240, 0.94)";
  context.shadowColor = "rgba(0, 0, 0, 0.4)";
  context.shadowBlur = 6;
  context.fill();
  context.shadowBlur = 0;
  context.shadowColor = "transparent";
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = "#1d2b2e";
  for (const [index, line] of lines.entries()) {
    context.fillText(line, tip.x, top + PADDING / 2 + (index + 0.5) * LINE_HEIGHT);
  }
}
