import { expect, test } from "bun:test";
import { launchChromium } from "#shared/testing/chromium.ts";
import { hashArena } from "./hash.ts";
import { stepArena } from "./step.ts";
import { createSeededArena, runSeededArena, seededInputs } from "./testing/seeded-run.ts";

const SEED = 0x7e55e7a;
const TICKS = 10_000;

test("the same inputs give the same state, other inputs another", () => {
  const hash = runSeededArena(SEED, 2000);
  expect(runSeededArena(SEED, 2000)).toBe(hash);
  expect(runSeededArena(SEED + 1, 2000)).not.toBe(hash);
  expect(runSeededArena(SEED, 1999)).not.toBe(hash);
});

test("a seeded run has something of everything", () => {
  const world = createSeededArena(SEED);
  const seen = { joined: 0, refused: 0, departed: 0, rejections: 0, hits: 0, deaths: 0 };
  for (let tick = 0; tick < 2000; tick++) {
    stepArena(world, seededInputs(SEED, world));
    seen.joined += world.effects.joined.length;
    seen.refused += world.effects.refused.length;
    seen.departed += world.effects.departed.length;
    seen.rejections += world.effects.rejections.length;
    seen.hits += world.effects.hits.length;
    seen.deaths += world.effects.deaths.length;
  }
  for (const [effect, count] of Object.entries(seen)) {
    expect(count, effect).toBeGreaterThan(10);
  }
});

test("a lost input shows in the state after its tick", () => {
  const left = createSeededArena(SEED);
  const right = createSeededArena(SEED);
  for (let tick = 0; tick < 500; tick++) {
    const inputs = seededInputs(SEED, left);
    stepArena(left, inputs);
    stepArena(right, tick === 499 ? inputs.slice(1) : inputs);
    expect(hashArena(right) === hashArena(left)).toBe(tick < 499);
  }
});

test("10,000 ticks come to the same state in Bun and in Chromium", async () => {
  const entrypoint = `${import.meta.dir}/testing/seeded-run.ts`;
  const build = await Bun.build({ entrypoints: [entrypoint], target: "browser", format: "esm" });
  const source = (await build.outputs[0]?.text()) ?? "";
  await using browser = await launchChromium();
  const page = await browser.newPage();
  const hash = await page.evaluate(
    async ({ source, seed, ticks }) => {
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const run = await import(url);
      return String(run.runSeededArena(seed, ticks));
    },
    { source, seed: SEED, ticks: TICKS },
  );
  expect(hash).toBe(runSeededArena(SEED, TICKS));
}, 60_000);
