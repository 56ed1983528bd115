import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { launchChromium } from "#shared/testing/chromium.ts";
import { hashBlocks } from "./hash.ts";
import type { BlocksInput } from "./messages.ts";
import { stepBlocks } from "./step.ts";
import { createSeededBlocks, runSeededBlocks, seededInputs } from "./testing/seeded-run.ts";
import type { BlocksWorld } from "./world.ts";

const SEED = 0xb10c5;
const TICKS = 4000;

test("the same inputs give the same state, other inputs another", () => {
  const hash = runSeededBlocks(SEED, 1000);
  expect(runSeededBlocks(SEED, 1000)).toBe(hash);
  expect(runSeededBlocks(SEED + 1, 1000)).not.toBe(hash);
  expect(runSeededBlocks(SEED, 999)).not.toBe(hash);
});

test("what is loaded, and how often one asks for the hash, has no influence on it", () => {
  const left = createSeededBlocks(SEED);
  const right = createSeededBlocks(SEED);
  const wide = { ...right, chunks: { ...right.chunks, loadedMax: 1000 } };
  for (let tick = 0; tick < 500; tick++) {
    const inputs = seededInputs(SEED, left);
    stepBlocks(left, inputs);
    stepBlocks(wide, inputs);
    hashBlocks(left);
  }
  expect(left.chunks.droppedCount).toBeGreaterThan(0);
  expect(hashBlocks(wide)).toBe(hashBlocks(left));
});

test("a seeded run has something of everything", () => {
  const world = createSeededBlocks(SEED);
  const seen = new Map<string, number>();
  const note = (what: string, count: number) => seen.set(what, (seen.get(what) ?? 0) + count);
  for (let tick = 0; tick < TICKS; tick++) {
    const inputs = seededInputs(SEED, world);
    stepBlocks(world, inputs);
    for (const action of doneActions(world, inputs)) note(action, 1);
    const { joined, refused, departed, rejections, hits, deaths, ...more } = world.effects;
    for (const [what, list] of Object.entries({ joined, departed, rejections, hits, deaths })) {
      note(what, list.length);
    }
    const { lines, opened, vanished, remotes, changed, written, emotes } = more;
    for (const [what, list] of Object.entries({ lines, opened, vanished, remotes, emotes })) {
      note(what, list.length);
    }
    note("refused", refused.length);
    note("changed", changed.size);
    note("remote", changed.size - written.size);
    note("stamped", more.stamped.length);
  }
  const few = [...seen].filter(([, count]) => count < 2);
  expect(few).toEqual([]);
  const actions = ["interact", "useItem", "pickup", "drop", "buildPlace", "buildBreak", "respawn"];
  for (const action of actions) expect(seen.get(action) ?? 0, action).toBeGreaterThan(4);
});

/** Durable actions that were not refused. */
function doneActions({ effects }: BlocksWorld, inputs: readonly BlocksInput[]): string[] {
  return effects.outcomes
    .filter(({ reason }) => reason === RejectionReason.UNSPECIFIED)
    .flatMap(({ entity, sequence }) =>
      inputs.flatMap(({ input }) => {
        if (input.case !== "command" || input.value.command.case !== "action") return [];
        if (input.value.entity !== entity || input.value.sequence !== sequence) return [];
        return input.value.command.value.action.case ?? [];
      }),
    );
}

test(`${TICKS} ticks come to the same state in Bun and in Chromium`, async () => {
  const entrypoint = `${import.meta.dir}/testing/seeded-run.ts`;
  const build = await Bun.build({ entrypoints: [entrypoint], target: "browser", format: "esm" });
  const source = (await build.outputs[0]?.text()) ?? "";
  await using browser = await launchChromium();
  const page = await browser.newPage();
  const hash = await page.evaluate(
    async ({ source, seed, ticks }) => {
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const run = await import(url);
      return String(run.runSeededBlocks(seed, ticks));
    },
    { source, seed: SEED, ticks: TICKS },
  );
  expect(hash).toBe(runSeededBlocks(SEED, TICKS));
}, 60_000);
