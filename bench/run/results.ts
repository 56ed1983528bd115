import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Report } from "../report.ts";
import type { Benchmark } from "./benchmark.ts";
import { renderPage } from "./page.ts";

const ROOT = join(import.meta.dir, "../..");
const RESULTS = join(ROOT, "bench/results");
const PAGE = "docs/BENCHMARKS.md";
const NOTES = "docs/benchmarks-notes.md";

const StoredReport = z.object({
  name: z.string(),
  commit: z.string(),
  machine: z.object({
    cores: z.number(),
    cpu: z.string(),
    memoryGB: z.number(),
    bun: z.string(),
  }),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  metrics: z.record(z.string(), z.number()),
  bars: z.array(
    z.object({
      metric: z.string(),
      op: z.enum(["<=", ">=", "=="]),
      bound: z.number(),
      value: z.number(),
      ok: z.boolean(),
    }),
  ),
});

/** Keeps a benchmark's last report, from which the page is written. */
export async function saveResult(report: Report): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  await Bun.write(join(RESULTS, `${report.name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

/** Writes docs/BENCHMARKS.md from all kept reports and the notes beside it; returns its path. */
export async function writePage(catalogue: readonly Benchmark[]): Promise<string> {
  const notes = Bun.file(join(ROOT, NOTES));
  const page = renderPage({
    catalogue,
    reports: await readResults(),
    notes: (await notes.exists()) ? await notes.text() : "",
  });
  await Bun.write(join(ROOT, PAGE), page);
  return PAGE;
}

async function readResults(): Promise<Report[]> {
  const files = readdirSync(RESULTS).filter((file) => file.endsWith(".json"));
  return Promise.all(
    files
      .sort()
      .map(async (file) => StoredReport.parse(await Bun.file(join(RESULTS, file)).json())),
  );
}
