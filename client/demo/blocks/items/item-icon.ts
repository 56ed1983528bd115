/** Pictures of items for the bag, drawn once each. */
import { cssColour, type Rgb } from "../../scene/character-look.ts";
import { surfaceOf, TEXTURE } from "../land/block-look.ts";
import { type ItemForm, itemLook } from "./item-look.ts";

/** Pixels on a side. */
const SIZE = 64;
const cache = new Map<number, string>();

type Pen = CanvasRenderingContext2D;

/** The address of an item's picture. */
export function itemIcon(item: number): string {
  const known = cache.get(item);
  if (known !== undefined) return known;
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (pen !== null) draw(pen, item);
  const url = canvas.toDataURL();
  cache.set(item, url);
  return url;
}

function draw(pen: Pen, item: number): void {
  const { form, colour } = itemLook(item);
  pen.lineJoin = "round";
  pen.lineCap = "round";
  if (form === "block") drawCube(pen, colour, surfaceOf(item).texture);
  else DRAWERS[form](pen, colour);
}

const DRAWERS: Readonly<Record<Exclude<ItemForm, "block">, (pen: Pen, colour: Rgb) => void>> = {
  bottle: drawBottle,
  coin: drawCoin,
  meat: drawMeat,
  pickaxe: drawPickaxe,
  bucket: drawBucket,
  tuft: drawTuft,
  bag: drawBag,
};

function shade(colour: Rgb, by: number): string {
  return cssColour([clamp(colour[0] * by), clamp(colour[1] * by), clamp(colour[2] * by)]);
}

function clamp(part: number): number {
  return Math.min(1, part);
}

function polygon(pen: Pen, fill: string, ...points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fillStyle = fill;
  pen.fill();
}

function drawCube(pen: Pen, colour: Rgb, texture: number): void {
  polygon(pen, shade(colour, 1.18), [32, 8], [56, 20], [32, 32], [8, 20]);
  polygon(pen, shade(colour, 0.92), [8, 20], [32, 32], [32, 58], [8, 46]);
  polygon(pen, shade(colour, 0.68), [56, 20], [32, 32], [32, 58], [56, 46]);
  pen.strokeStyle = "rgba(0, 0, 0, 0.22)";
  pen.lineWidth = 1.6;
  if (texture === TEXTURE.boards || texture === TEXTURE.bricks) {
    for (const down of [9, 18]) {
      pen.beginPath();
      pen.moveTo(8, 20 + down);
      pen.lineTo(32, 32 + down);
      pen.lineTo(56, 20 + down);
      pen.stroke();
    }
  }
  pen.strokeStyle = "rgba(255, 255, 255, 0.4)";
  pen.beginPath();
  pen.moveTo(8, 20);
  pen.lineTo(32, 32);
  pen.lineTo(56, 20);
  pen.moveTo(32, 32);
  pen.lineTo(32, 57);
  pen.stroke();
}

function drawBottle(pen: Pen, colour: Rgb): void {
  pen.fillStyle = "rgba(226, 244, 248, 0.9)";
  pen.fillRect(26, 10, 12, 18);
  pen.beginPath();
  pen.arc(32, 40, 18, 0, Math.PI * 2);
  pen.fill();
  pen.beginPath();
  pen.arc(32, 40, 15, 0, Math.PI * 2);
  pen.fillStyle = shade(colour, 1);
  pen.fill();
  pen.fillStyle = "#8a5a36";
  pen.fillRect(25, 6, 14, 8);
  pen.fillStyle = "rgba(255, 255, 255, 0.55)";
  pen.beginPath();
  pen.ellipse(26, 35, 3.4, 6, 0.5, 0, Math.PI * 2);
  pen.fill();
}

function drawCoin(pen: Pen, colour: Rgb): void {
  for (const [y, by] of [
    [38, 0.7],
    [33, 0.9],
    [28, 1.06],
  ] as const) {
    pen.beginPath();
    pen.ellipse(32, y, 22, 15, 0, 0, Math.PI * 2);
    pen.fillStyle = shade(colour, by);
    pen.fill();
  }
  pen.beginPath();
  pen.ellipse(32, 28, 14, 9, 0, 0, Math.PI * 2);
  pen.strokeStyle = shade(colour, 0.72);
  pen.lineWidth = 3;
  pen.stroke();
}

function drawMeat(pen: Pen, colour: Rgb): void {
  pen.strokeStyle = "#f4eadb";
  pen.lineWidth = 8;
  pen.beginPath();
  pen.moveTo(14, 52);
  pen.lineTo(30, 36);
  pen.stroke();
  pen.beginPath();
  pen.ellipse(38, 27, 19, 15, -0.7, 0, Math.PI * 2);
  pen.fillStyle = shade(colour, 0.85);
  pen.fill();
  pen.beginPath();
  pen.ellipse(40, 24, 13, 9, -0.7, 0, Math.PI * 2);
  pen.fillStyle = shade(colour, 1.15);
  pen.fill();
}

function drawPickaxe(pen: Pen, colour: Rgb): void {
  pen.strokeStyle = "#8a5a36";
  pen.lineWidth = 7;
  pen.beginPath();
  pen.moveTo(14, 54);
  pen.lineTo(44, 18);
  pen.stroke();
  pen.strokeStyle = shade(colour, 1);
  pen.lineWidth = 8;
  pen.beginPath();
  pen.moveTo(20, 12);
  pen.quadraticCurveTo(46, 10, 54, 40);
  pen.stroke();
  pen.strokeStyle = "rgba(255, 255, 255, 0.5)";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(22, 10);
  pen.quadraticCurveTo(47, 8, 55, 36);
  pen.stroke();
}

function drawBucket(pen: Pen, colour: Rgb): void {
  pen.strokeStyle = "#6c7681";
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(32, 24, 19, Math.PI, Math.PI * 2);
  pen.stroke();
  polygon(pen, "#98a3b0", [12, 24], [52, 24], [46, 56], [18, 56]);
  polygon(pen, "rgba(255, 255, 255, 0.25)", [16, 26], [26, 26], [26, 55], [20, 55]);
  pen.beginPath();
  pen.ellipse(32, 24, 20, 7, 0, 0, Math.PI * 2);
  pen.fillStyle = shade(colour, 1);
  pen.fill();
  pen.strokeStyle = "#6c7681";
  pen.lineWidth = 2.5;
  pen.stroke();
}

function drawTuft(pen: Pen, colour: Rgb): void {
  for (const [x, y, radius, by] of [
    [24, 38, 14, 0.78],
    [42, 38, 13, 0.86],
    [33, 28, 15, 1],
    [30, 25, 8, 1.12],
  ] as const) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, Math.PI * 2);
    pen.fillStyle = shade(colour, by);
    pen.fill();
  }
}

function drawBag(pen: Pen, colour: Rgb): void {
  polygon(pen, shade(colour, 0.9), [24, 18], [40, 18], [52, 48], [44, 57], [20, 57], [12, 48]);
  polygon(pen, shade(colour, 1.15), [22, 8], [42, 8], [38, 18], [26, 18]);
  pen.strokeStyle = "#6d4c2c";
  pen.lineWidth = 4;
  pen.beginPath();
  pen.moveTo(24, 19);
  pen.lineTo(40, 19);
  pen.stroke();
  pen.fillStyle = "rgba(255, 255, 255, 0.3)";
  pen.beginPath();
  pen.ellipse(26, 38, 4, 10, 0.3, 0, Math.PI * 2);
  pen.fill();
}
