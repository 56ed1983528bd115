import { join } from "node:path";
import type { Report } from "../report.ts";
import { readNotes, readReports, saveReport } from "../stored-reports.ts";
import type { Benchmark } from "./benchmark.ts";
import { renderPage } from "./page.ts";

const ROOT = join(import.meta.dir, "../..");
const RESULTS = join(ROOT, "bench/results");
const PAGE = "docs/BENCHMARKS.md";
const NOTES = "docs/benchmarks-notes.md";

/** Keeps a benchmark's last report, from which the page is written. */
export function saveResult(report: Report): Promise<void> {
  return saveReport(RESULTS, report);
}

/** Writes docs/BENCHMARKS.md from all kept reports and the notes beside it; returns its path. */
export async function writePage(catalogue: readonly Benchmark[]): Promise<string> {
  const reports = await readReports(RESULTS);
  const notes = await readNotes(join(ROOT, NOTES));
  await Bun.write(join(ROOT, PAGE), renderPage({ catalogue, reports, notes }));
  return PAGE;
}
