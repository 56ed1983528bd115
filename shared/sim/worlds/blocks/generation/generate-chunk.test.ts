import { describe, expect, test } from "bun:test";
import { launchChromium } from "#shared/testing/chromium.ts";
import { placedLevelOf } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { createChunk } from "../chunks/chunk.ts";
import { CHUNK_AREA, CHUNK_SIDE, LAYER_ACTIVE, LAYER_CEILING } from "../constants.ts";
import { shapeOf } from "../layout.ts";
import { hashGenerated } from "../testing/survey-hash.ts";
import { Biome, ROCKS_FROM, surveyChunk } from "./biomes.ts";
import { hasDen, spawnerCell } from "./den.ts";
import { hasHut } from "./hut.ts";

const SHAPE = shapeOf(32, 32);
const SIDE = SHAPE.width;
const SEEDS = [1, 2, 77, 0xffff_ffff];

describe("the same seed", () => {
  test("makes the same world again, another seed another one", () => {
    expect(hashGenerated(5, SHAPE.columns)).toBe(hashGenerated(5, SHAPE.columns));
    expect(hashGenerated(6, SHAPE.columns)).not.toBe(hashGenerated(5, SHAPE.columns));
  });

  test("makes the world that it made when this was written", () => {
    expect(hashGenerated(1, SHAPE.columns)).toBe("4015530e4b3b43da");
  });

  test("makes the same world in Bun and in Chromium", async () => {
    const entrypoint = `${import.meta.dir}/../testing/survey-hash.ts`;
    const build = await Bun.build({ entrypoints: [entrypoint], target: "browser", format: "esm" });
    const source = (await build.outputs[0]?.text()) ?? "";
    await using browser = await launchChromium();
    const page = await browser.newPage();
    const hash = await page.evaluate(
      async ({ source, side }) => {
        const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
        const run = await import(url);
        return String(run.hashGenerated(77, side));
      },
      { source, side: SHAPE.columns },
    );
    expect(hash).toBe(hashGenerated(77, SHAPE.columns));
  }, 60_000);
});

test.each(SEEDS)("all six biomes are within 512 blocks for seed %d", (seed) => {
  const shares = shareOfBiomes(seed);
  for (const [name, biome] of Object.entries(Biome)) {
    expect(shares[biome] ?? 0, name).toBeGreaterThan(0.005);
  }
});

function shareOfBiomes(seed: number): number[] {
  const counts = Object.keys(Biome).map(() => 0);
  forEachChunk((x, y) => {
    for (const biome of surveyChunk(seed, x, y).biomes) counts[biome] = (counts[biome] ?? 0) + 1;
  });
  return counts.map((count) => count / (SIDE * SIDE));
}

function forEachChunk(visit: (x: number, y: number, index: number) => void): void {
  const { columns, rows } = SHAPE;
  for (let index = 0; index < columns * rows; index++) {
    visit((index % columns) * CHUNK_SIDE, Math.floor(index / columns) * CHUNK_SIDE, index);
  }
}

/** Of the cells of a biome, how many stand full of each block; huts and dens are left out. */
function standingIn(biome: number, options: { readonly belowRocks: boolean }) {
  const counts = new Map<number, number>();
  let cells = 0;
  for (const seed of SEEDS.slice(0, 2)) {
    forEachChunk((x, y, index) => {
      const survey = surveyChunk(seed, x, y);
      if (hasHut(seed, { x, y, survey }) || hasDen(seed, { x, y, survey })) return;
      const { ids } = createChunk(seed, SHAPE, index);
      for (let at = 0; at < CHUNK_AREA; at++) {
        if (survey.biomes[at] !== biome) continue;
        if (options.belowRocks && (survey.heights[at] ?? 0) >= ROCKS_FROM) continue;
        const id = ids[LAYER_ACTIVE * CHUNK_AREA + at] ?? 0;
        counts.set(id, (counts.get(id) ?? 0) + 1);
        cells += 1;
      }
    });
  }
  return (id: number) => (counts.get(id) ?? 0) / cells;
}

const SHARES: readonly [string, number, number, number][] = [
  ["trees in forests", Biome.Forest, Block.Tree, 0.15],
  ["trees on plains", Biome.Plains, Block.Tree, 0.05],
  ["cacti in deserts", Biome.Desert, Block.Cactus, 0.02],
  ["ore in mountains", Biome.Mountains, Block.Ore, 0.1],
];
test.each(SHARES)("there are as many %s as there should be", (_, biome, id, share) => {
  const measured = standingIn(biome, { belowRocks: false })(id);
  expect(Math.abs(measured - share)).toBeLessThan(share / 10);
});

test("mountains are of stone, and rocks begin where the active layer may be solid", () => {
  const mountains = standingIn(Biome.Mountains, { belowRocks: false });
  expect(mountains(Block.Stone) + mountains(Block.Ore)).toBe(1);
  expect(standingIn(Biome.Forest, { belowRocks: true })(Block.Stone)).toBe(0);
  expect(standingIn(Biome.Forest, { belowRocks: false })(Block.Stone)).toBeGreaterThan(0);
});

test("ore and stone of the mountains are as hard as what players place", () => {
  const hard = new Set<number>();
  forEachChunk((_x, _y, index) => {
    const { ids, levels } = createChunk(1, SHAPE, index);
    for (const [at, id] of ids.entries()) {
      if (id !== Block.Stone && id !== Block.Ore) continue;
      hard.add(id);
      if (levels[at] !== placedLevelOf(id)) throw new Error(`block ${id} has level ${levels[at]}`);
    }
  });
  expect(hard.size).toBe(2);
});

test("fault 10: chunks come with their ceiling: trees and cacti have tops, huts have roofs", () => {
  let tops = 0;
  let roofs = 0;
  forEachChunk((_x, _y, index) => {
    const { ids } = createChunk(1, SHAPE, index);
    for (let at = 0; at < CHUNK_AREA; at++) {
      const standing = ids[LAYER_ACTIVE * CHUNK_AREA + at] ?? 0;
      const above = ids[LAYER_CEILING * CHUNK_AREA + at] ?? 0;
      if (standing === Block.Tree || standing === Block.Cactus) {
        expect(above).toBe(standing);
        tops += 1;
      } else if (above === Block.Planks) roofs += 1;
      else expect(above).toBe(Block.Air);
    }
  });
  expect(tops).toBeGreaterThan(1000);
  expect(roofs).toBeGreaterThan(42);
});

test("there are dens in the mountains, each with the only spawner there can be", () => {
  let dens = 0;
  forEachChunk((x, y, index) => {
    const { ids } = createChunk(1, SHAPE, index);
    const spawners = [...ids.keys()].filter((at) => ids[at] === Block.Spawner);
    const survey = surveyChunk(1, x, y);
    const isDen = hasDen(1, { x, y, survey });
    expect(spawners).toEqual(isDen ? [spawnerCell(0)] : []);
    if (isDen) dens += 1;
  });
  expect(dens).toBeGreaterThan(3);
});
