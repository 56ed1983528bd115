import { expect, test } from "bun:test";
import { systemClock } from "#shared/time/clock.ts";
import { repeat } from "./chaos.ts";
import { defineExperiment } from "./experiment.ts";

/** Breaks its bar for the seeds that it is told of. */
const fragile = defineExperiment({
  name: "fragile",
  work: "breaks for one seed",
  params: { badSeed: 12, glassThick: 3 },
  bars: ({ glassThick }) => [{ metric: "cracks", op: "<=", bound: glassThick }],
  run: async ({ params, seed }) => ({ cracks: seed === params.badSeed ? 5 : 1, weight: seed }),
});

function options(runs: number) {
  return { experiment: fragile, params: {}, runs, seed: 10, jsonFile: undefined, report: false };
}

test("each run has its own seed; the worst counts where a bar hangs on it", async () => {
  const said: string[] = [];
  const report = await repeat(options(5), { clock: systemClock, say: (text) => said.push(text) });
  expect(report.metrics).toEqual({ runs: 5, failedRuns: 1, cracks: 5, weight: 12 });
  expect(report.params).toMatchObject({ seed: 10, runs: 5, badSeed: 12 });
  expect(report.bars.map(({ ok }) => ok)).toEqual([false, false]);
  expect(said).toContain("  MISSED with seed 12: cracks 5, wanted <= 3");
  expect(said).toContain("  again: bun run chaos fragile --runs 1 --seed 12");
});

test("a series without failures is met, and tells what it proves", async () => {
  const report = await repeat(options(2), { clock: systemClock, say: () => undefined });
  expect(report.bars.map(({ ok }) => ok)).toEqual([true, true]);
  expect(report.metrics.failedRuns).toBe(0);
});

test("a run that breaks down names its seed", async () => {
  const broken = { ...fragile, run: () => Promise.reject(new Error("no glass")) };
  const running = repeat(
    { ...options(1), experiment: broken },
    { clock: systemClock, say: () => undefined },
  );
  await expect(running).rejects.toThrow("cannot finish bun run chaos fragile --runs 1 --seed 10");
});

async function runCommand(words: readonly string[]) {
  const main = new URL("../main.ts", import.meta.url).pathname;
  const child = Bun.spawn([process.execPath, main, ...words], { stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, output, errors };
}

test("the command lists what there is, and refuses what there is not with 78", async () => {
  const list = await runCommand(["--list"]);
  expect(list).toMatchObject({ code: 0, errors: "" });
  expect(list.output).toContain("flood");
  const help = await runCommand(["slow", "--help"]);
  expect(help).toMatchObject({ code: 0, errors: "" });
  expect(help.output).toStartWith("usage: bun run chaos NAME");
  const refused = await runCommand(["flod"]);
  expect(refused.code).toBe(78);
  expect(refused.errors).toContain("there is no experiment flod; did you mean flood?");
});
