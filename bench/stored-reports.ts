// Reports that are kept in the repository, from which the pages of figures are written.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Report } from "./report.ts";

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

/** Keeps the last report of its name in a folder. */
export async function saveReport(folder: string, report: Report): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await Bun.write(join(folder, `${report.name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

/** All reports of a folder, by name. */
export async function readReports(folder: string): Promise<Report[]> {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return Promise.all(
    files.sort().map(async (file) => StoredReport.parse(await Bun.file(join(folder, file)).json())),
  );
}

/** What people have to say beside the figures; empty when there is no such file. */
export async function readNotes(path: string): Promise<string> {
  const notes = Bun.file(path);
  return (await notes.exists()) ? notes.text() : "";
}
