import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue } from "./benchmarks/catalogue.ts";

async function bench(...words: string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, output, errors };
}

test("an unknown benchmark is an error that names the nearest", async () => {
  const { code, errors } = await bench("simm");
  expect(code).toBe(78);
  expect(errors).toBe("cannot run benchmarks: there is no benchmark simm; did you mean sim?\n");
});

test("without a name it says what there is", async () => {
  const { code, output } = await bench();
  expect(code).toBe(0);
  for (const { name } of catalogue) expect(output).toContain(name);
});

test.each(["--help", "-h"])("%s says how, and what there is", async (flag) => {
  const { code, output, errors } = await bench("codec", flag);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(output).toStartWith("usage: bun run bench NAME");
  for (const { name } of catalogue) expect(output).toContain(name);
});

test("a run that ends without figures is told apart from a missed bar", async () => {
  // More entities than a table can have.
  const { code, errors } = await bench("sim", "--small", "10", "--large", "2000000");
  expect(code).toBe(2);
  expect(errors).toContain("capacity is 2000000");
  expect(errors).toContain("cannot measure sim: its process ended with exit code 2");
});

/** Every part of it once, as small as it goes. */
const PERSIST = {
  entities: 50,
  "warm-up-seconds": 1,
  snapshots: 2,
  "every-ticks": 2,
  "journal-ticks": 30,
  starts: 1,
  groups: 2,
  "group-records": 10,
};

describe("a run", () => {
  test.each([
    ["sim", ["--small", "10", "--medium", "20", "--large", "40", "--sample-ms", "1"]],
    ["codec", ["--entities", "3", "--sample-ms", "1"]],
    ["persist", Object.entries(PERSIST).flatMap(([name, value]) => [`--${name}`, `${value}`])],
  ])("of %s tells figures and verdicts, and leaves with what they say", async (name, params) => {
    const folder = mkdtempSync(join(tmpdir(), "tessera-bench-"));
    const file = join(folder, "report.json");
    try {
      const words = [name, ...params, "--runs", "2", "--json", file];
      const { code, output } = await bench(...words);
      const report = await Bun.file(file).json();
      const missed = report.bars.filter(({ ok }: { ok: boolean }) => !ok).length;
      expect(code).toBe(missed === 0 ? 0 : 1);
      expect(report).toMatchObject({ name, params: { runs: 2 } });
      for (const { metric } of report.bars) {
        expect(report.metrics[`${metric}Lowest`]).toBeLessThanOrEqual(report.metrics[metric]);
        expect(output).toContain(metric);
      }
      const [benchmark] = catalogue.filter((one) => one.name === name);
      const explained = Object.keys(benchmark?.meanings ?? {});
      expect(Object.keys(report.metrics)).toEqual(expect.arrayContaining(explained));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
