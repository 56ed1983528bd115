import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { createReport, exitCodeOf, publishReport, type Report } from "../report.ts";
import type { Benchmark, Figures } from "./benchmark.ts";
import { mergeRuns } from "./medians.ts";
import { type BenchOptions, flagOf } from "./options.ts";
import { listProfiles } from "./profile/process-profile.ts";
import { saveResult, writePage } from "./results.ts";
import { RunError, runOnce } from "./run-once.ts";

/** EX_UNAVAILABLE of sysexits: not measured is not a pass. */
const NOT_MEASURED = 69;
/** Not 1: no bar was missed, something was not measured at all. */
const RUN_FAILED = 2;

/** Does what was asked and gives the exit code: 1 when a bar was missed. */
export async function runBench(
  options: BenchOptions,
  catalogue: readonly Benchmark[],
): Promise<number> {
  if (options.benchmarks.length === 0) {
    for (const line of listBenchmarks(catalogue)) console.log(line);
    return 0;
  }
  const reports: Report[] = [];
  let failures = 0;
  for (const benchmark of options.benchmarks) {
    const why = whyNotHere(benchmark, cpus().length);
    if (why !== undefined) {
      console.log(`${benchmark.name} is not measured here: ${why}`);
      continue;
    }
    const report = await runBenchmark(benchmark, options).catch(rethrowUnlessRunError);
    if (report === undefined) {
      failures += 1;
      continue;
    }
    await publishReport(report, options.benchmarks.length === 1 ? options.jsonFile : undefined);
    if (options.report) await saveResult(report);
    reports.push(report);
  }
  if (options.benchmarks.length > 1 && options.jsonFile !== undefined) {
    await Bun.write(options.jsonFile, `${JSON.stringify(reports, null, 2)}\n`);
  }
  if (options.report) console.log(`written: ${await writePage(catalogue)}`);
  if (failures > 0) return RUN_FAILED;
  if (reports.length === 0) return NOT_MEASURED;
  return Math.max(...reports.map(exitCodeOf));
}

/** One that cannot be measured does not keep the others from it. */
function rethrowUnlessRunError(error: unknown): undefined {
  if (!(error instanceof RunError)) throw error;
  console.error(error.message);
}

/** Why a machine cannot tell; undefined when it can. */
function whyNotHere(benchmark: Benchmark, cores: number): string | undefined {
  if (cores >= benchmark.coresMin) return undefined;
  return `it needs ${benchmark.coresMin} cores, this machine has ${cores}`;
}

async function runBenchmark(benchmark: Benchmark, options: BenchOptions): Promise<Report> {
  const params = { ...benchmark.params, ...options.params };
  // A profile of one run is enough, and slows it.
  const runs = options.profile ? 1 : (options.runs ?? benchmark.runs);
  const profileFolder = options.profile ? emptyFolder(benchmark.name) : undefined;
  const figures: Figures[] = [];
  for (let run = 1; run <= runs; run += 1) {
    console.error(`${benchmark.name}, run ${run} of ${runs}`);
    figures.push(await runOnce(benchmark, params, profileFolder));
  }
  if (profileFolder !== undefined) tellProfiles(profileFolder);
  // A profile slows what it looks at: its run judges nothing.
  const bars = options.profile ? [] : benchmark.bars(params);
  return createReport({
    name: benchmark.name,
    params: { ...params, runs, ...(options.profile && { profiled: true }) },
    metrics: mergeRuns(figures, bars),
    bars,
  });
}

function emptyFolder(name: string): string {
  const folder = join(import.meta.dir, "../../data/profiles", name);
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

function tellProfiles(folder: string): void {
  for (const file of listProfiles(folder)) console.log(`profile: ${file}`);
  console.log("open one in Chromium: developer tools, Performance, load profile");
}

/** What there is, in lines for people. */
export function listBenchmarks(catalogue: readonly Benchmark[]): string[] {
  const width = Math.max(...catalogue.map(({ name }) => name.length));
  const lines = catalogue.flatMap(({ name, work, params }) => {
    const flags = Object.entries(params).map(([param, value]) => `${flagOf(param)} ${value}`);
    return [`${name.padEnd(width)}  ${work}`, `${" ".repeat(width)}  ${flags.join(" ")}`];
  });
  return ["benchmarks, with what may be changed:", ...lines];
}
