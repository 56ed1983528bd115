import { expect, test } from "bun:test";
import { Block, CHUNK_SIDE } from "#shared/sim/index.ts";
import { BLOCK, EAVES_HEIGHT } from "../scale.ts";
import { PlainLand } from "../testing/plain-land.ts";
import { buildActive } from "./active-mesh.ts";
import { buildCeiling } from "./ceiling-mesh.ts";
import { buildFloor } from "./floor-mesh.ts";
import { paintDetails, TEXTURE_SIZE } from "./land-texture.ts";
import { skyAt, sunAt } from "./light.ts";
import { MeshBuilder } from "./mesh-builder.ts";
import { fadeAround } from "./openings.ts";
import { Surrounding } from "./surrounding.ts";

function read(land: PlainLand): Surrounding {
  const surrounding = new Surrounding();
  surrounding.read(land, 1, 1);
  return surrounding;
}

type Build = (builder: MeshBuilder, from: Surrounding) => void;

function build(make: Build, land: PlainLand): MeshBuilder {
  const builder = new MeshBuilder();
  make(builder, read(land));
  return builder;
}

const heights = ({ positions }: MeshBuilder) => positions.filter((_, index) => index % 3 === 1);

test("open grass is one plane, and nothing stands on it", () => {
  const floor = build(buildFloor, new PlainLand());
  expect(new Set(heights(floor))).toEqual(new Set([0]));
  const [xs, count] = [floor.positions.filter((_, index) => index % 3 === 0), floor.indices.length];
  expect([Math.min(...xs), Math.max(...xs)]).toEqual([0, CHUNK_SIDE * BLOCK]);
  expect(count).toBeGreaterThanOrEqual(CHUNK_SIDE * CHUNK_SIDE * 6);
  expect(build(buildActive, new PlainLand()).isEmpty).toBe(true);
  expect(build(buildCeiling, new PlainLand()).isEmpty).toBe(true);
});

test("every corner has its colour and detail, every triangle its corners", () => {
  const land = new PlainLand()
    .put({ x: 20, y: 20, layer: 1 }, Block.Stone, 10)
    .put({ x: 22, y: 20, layer: 1 }, Block.Tree)
    .put({ x: 22, y: 20, layer: 2 }, Block.Tree)
    .put({ x: 24, y: 20, layer: 1 }, Block.Door, 1)
    .put({ x: 25, y: 22, layer: 0 }, Block.Water, 7)
    .put({ x: 26, y: 22, layer: 0 }, Block.Air)
    .put({ x: 26, y: 26, layer: 2 }, Block.Planks);
  for (const make of [buildFloor, buildActive, buildCeiling]) {
    const { positions, colours, details, indices } = build(make, land);
    const corners = positions.length / 3;
    expect(colours.length).toBe(corners * 4);
    expect(details.length).toBe(corners * 4);
    expect(Math.max(...indices)).toBeLessThan(corners);
    expect(indices.length % 3).toBe(0);
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(colours.every((part) => part >= 0 && part <= 255)).toBe(true);
  }
});

test("ground under a wall is not built, and walls show no sides to each other", () => {
  const one = new PlainLand().put({ x: 20, y: 20, layer: 1 }, Block.Planks);
  const two = new PlainLand()
    .put({ x: 20, y: 20, layer: 1 }, Block.Planks)
    .put({ x: 21, y: 20, layer: 1 }, Block.Planks);
  const [single, double] = [build(buildActive, one), build(buildActive, two)];
  expect(double.indices.length).toBeLessThan(2 * single.indices.length);
  const ground = (land: PlainLand) => {
    const { positions } = build(buildFloor, land);
    let found = 0;
    for (let index = 0; index < positions.length; index += 3) {
      const inside = (value: number, from: number) =>
        value > from * BLOCK && value < (from + 1) * BLOCK;
      if (inside(positions[index] ?? 0, 4) && inside(positions[index + 2] ?? 0, 4)) found += 1;
    }
    return found;
  };
  expect(ground(one)).toBe(0);
});

test("a wall throws its shade to the north-east, and the sky is less beside it", () => {
  const from = read(new PlainLand().put({ x: 20, y: 20, layer: 1 }, Block.Brick));
  expect(sunAt(from, 5.2, 4.3)).toBeLessThan(0.6);
  expect(sunAt(from, 3.5, 4.5)).toBe(1);
  expect(skyAt(from, 4, 4.5)).toBeLessThan(skyAt(from, 2, 4.5));
});

test("a roof rises toward its middle, also over the border of a chunk", () => {
  const land = new PlainLand();
  for (let x = 28; x < 36; x += 1) {
    for (let y = 20; y < 26; y += 1) land.put({ x, y, layer: 2 }, Block.Planks);
  }
  const roof = build(buildCeiling, land);
  expect(Math.max(...heights(roof))).toBeGreaterThan(EAVES_HEIGHT + 20);
  const atBorder = roof.positions.flatMap((x, index) => {
    return index % 3 === 0 && x === CHUNK_SIDE * BLOCK ? [roof.positions[index + 1] ?? 0] : [];
  });
  expect(Math.max(...atBorder)).toBeGreaterThan(EAVES_HEIGHT);
});

test("only what a layer shows makes it another one", () => {
  const land = new PlainLand();
  const before = read(land);
  const hashes = [before.hash(0), before.hash(1), before.hash(2)];
  // Beside the chunk, but within what reaches into it.
  land.put({ x: 14, y: 20, layer: 1 }, Block.Stone, 10);
  const after = read(land);
  expect(after.hash(0)).toBe(hashes[0] ?? 0);
  expect(after.hash(1)).not.toBe(hashes[1] ?? 0);
  expect(after.hash(2)).toBe(hashes[2] ?? 0);
  land.put({ x: 2, y: 20, layer: 2 }, Block.Planks);
  expect(read(land).hash(2)).toBe(hashes[2] ?? 0);
});

test("ceilings open over whoever is under them or behind them, half for who works on them", () => {
  const land = new PlainLand();
  expect(fadeAround(land, { x: 20.5, y: 20.5 }, false).radius).toBeLessThan(0);
  land.put({ x: 20, y: 20, layer: 2 }, Block.Planks);
  expect(fadeAround(land, { x: 20.5, y: 20.5 }, false)).toEqual({ radius: 5.2, left: 0 });
  expect(fadeAround(land, { x: 20.5, y: 20.5 }, true).left).toBeGreaterThan(0.5);
  expect(fadeAround(land, { x: 20.5, y: 19.2 }, false).radius).toBe(2);
  expect(fadeAround(land, { x: 20.5, y: 22 }, false).radius).toBeLessThan(0);
});

test("the surfaces' picture repeats and has a channel for each structure", () => {
  const pixels = paintDetails();
  expect(pixels.length).toBe(TEXTURE_SIZE * TEXTURE_SIZE * 4);
  for (let channel = 0; channel < 4; channel += 1) {
    const values = pixels.filter((_, index) => index % 4 === channel);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeGreaterThan(90);
    expect(mean).toBeLessThan(165);
  }
});
