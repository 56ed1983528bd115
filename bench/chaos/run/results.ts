import { join } from "node:path";
import type { Report } from "../../report.ts";
import { readNotes, readReports, saveReport } from "../../stored-reports.ts";
import type { Experiment } from "./experiment.ts";
import { renderReliability } from "./reliability-page.ts";

const ROOT = join(import.meta.dir, "../../..");
const RESULTS = join(ROOT, "bench/chaos/results");
const PAGE = "docs/RELIABILITY.md";
const NOTES = "docs/reliability-notes.md";

/** Keeps an experiment's last report, from which the page is written. */
export function saveResult(report: Report): Promise<void> {
  return saveReport(RESULTS, report);
}

/** Writes docs/RELIABILITY.md from all kept reports and the notes beside it; returns its path. */
export async function writePage(catalogue: readonly Experiment[]): Promise<string> {
  const reports = await readReports(RESULTS);
  const notes = await readNotes(join(ROOT, NOTES));
  await Bun.write(join(ROOT, PAGE), renderReliability({ catalogue, reports, notes }));
  return PAGE;
}
