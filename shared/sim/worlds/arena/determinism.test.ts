import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { launchChromium } from "#shared/testing/chromium.ts";
import { hashArena } from "./hash.ts";
import type { ArenaInput } from "./messages.ts";
import { stepArena } from "./step.ts";
import { createSeededArena, runSeededArena, seededInputs } from "./testing/seeded-run.ts";
import type { ArenaWorld } from "./world.ts";

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
  const done = { respawn: 0, give: 0 };
  for (let tick = 0; tick < 2000; tick++) {
    const inputs = seededInputs(SEED, world);
    stepArena(world, inputs);
    for (const action of doneActions(world, inputs)) done[action] += 1;
    seen.joined += world.effects.joined.length;
    seen.refused += world.effects.refused.length;
    seen.departed += world.effects.departed.length;
    seen.rejections += world.effects.rejections.length;
    seen.hits += world.effects.hits.length;
    seen.deaths += world.effects.deaths.length;
  }
  for (const [effect, count] of Object.entries({ ...seen, ...done })) {
    expect(count, effect).toBeGreaterThan(10);
  }
});

/** Durable actions that were not refused. */
function doneActions({ effects }: ArenaWorld, inputs: readonly ArenaInput[]) {
  return effects.outcomes
    .filter(({ reason }) => reason === RejectionReason.UNSPECIFIED)
    .flatMap(({ entity, sequence }) =>
      inputs.flatMap(({ input }) => {
        if (input.case !== "command" || input.value.command.case !== "action") return [];
        if (input.value.entity !== entity || input.value.sequence !== sequence) return [];
        const { action } = input.value.command.value;
        return action.case === "respawn" || action.case === "give" ? [action.case] : [];
      }),
    );
}

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
