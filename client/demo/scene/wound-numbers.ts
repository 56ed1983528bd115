/** Numbers that rise from wounds, and from what heals them. */
import type { ScreenOverlay } from "../../playcanvas/index.ts";
import { NUMBER_SECONDS, type WoundNumber } from "./effects.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
/** CSS pixels: of a number that settled, and what a fresh one is larger by. */
const SIZE = 17;
const FRESH = 12;
/** Size of the letters in a picture; it is drawn smaller, which stays sharp. */
const PICTURE_SIZE = (SIZE + FRESH) * 2;
/** Pictures kept: each damage that there is, in two colours. */
const PICTURES_MAX = 64;

/** Draws the numbers over the scene, each a copy of a picture: outlined text is slow. */
export class WoundNumbers {
  readonly #pictures = new Map<string, HTMLCanvasElement>();

  draw(overlay: ScreenOverlay, numbers: readonly WoundNumber[]): void {
    const { context } = overlay;
    for (const number of numbers) {
      const t = number.seconds / NUMBER_SECONDS;
      const point = overlay.project(number.x, number.y, number.z);
      if (point.z < 0 || !overlay.shows(point.x, point.y, 40)) continue;
      const size = SIZE + FRESH * Math.max(0, 1 - t * 6);
      const picture = this.#pictureOf(number);
      const width = (picture.width * size) / PICTURE_SIZE;
      const height = (picture.height * size) / PICTURE_SIZE;
      context.globalAlpha = Math.min(1, (1 - t) * 2.5);
      context.drawImage(picture, point.x - width / 2, point.y - height / 2, width, height);
    }
    context.globalAlpha = 1;
  }

  #pictureOf({ text, mine, heals }: WoundNumber): HTMLCanvasElement {
    const key = `${mine} ${text}`;
    const known = this.#pictures.get(key);
    if (known !== undefined) return known;
    if (this.#pictures.size >= PICTURES_MAX) this.#pictures.clear();
    const picture = paint(text, heals ? "#8ff0a0" : mine ? "#ff7a6b" : "#ffe08a");
    this.#pictures.set(key, picture);
    return picture;
  }
}

function paint(text: string, colour: string): HTMLCanvasElement {
  const picture = document.createElement("canvas");
  const context = picture.getContext("2d");
  if (context === null) return picture;
  const font = `800 ${PICTURE_SIZE}px ${FONT}`;
  context.font = font;
  picture.width = Math.ceil(context.measureText(text).width + PICTURE_SIZE / 2);
  picture.height = Math.ceil(PICTURE_SIZE * 1.5);
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = PICTURE_SIZE / 5;
  context.strokeStyle = "rgba(30, 8, 12, 0.85)";
  context.strokeText(text, picture.width / 2, picture.height / 2);
  context.fillStyle = colour;
  context.fillText(text, picture.width / 2, picture.height / 2);
  return picture;
}
