// `bun run loadtest`: bots that behave, against a shard of its own or a running server.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { asksForHelp } from "#shared/infra/help.ts";
import { systemClock } from "#shared/time/clock.ts";
import { createReport, exitCodeOf, type Report } from "../report.ts";
import { describeUnknown } from "./load-metrics.ts";
import { type LoadResult, runLoad } from "./load-run.ts";
import { LOAD_USAGE, LoadOptionsError, readLoadOptions } from "./options.ts";
import { createProgress } from "./progress.ts";
import { renderPage } from "./report/page.ts";
import { summarise } from "./summary.ts";

// An interrupted run takes its shard and its data with it.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error instanceof LoadOptionsError ? error.exitCode : 1);
}

async function main(words: readonly string[]): Promise<number> {
  if (asksForHelp(words)) {
    console.log(LOAD_USAGE);
    return 0;
  }
  const options = readLoadOptions(words);
  const startedAt = new Date(systemClock.wallMs());
  const progress = createProgress({
    isTerminal: process.stdout.isTTY,
    write: (text) => process.stdout.write(text),
  });
  const result = await runLoad(options, { clock: systemClock, progress });
  const report = judge(result);
  const command = `bun run loadtest ${words.join(" ")}`.trim();
  const page = await write(report, renderPage({ report, result, command, startedAt }), options);
  for (const line of summarise(result, report)) console.log(line);
  console.log(`\nreport: ${page}`);
  return exitCodeOf(report);
}

function judge({ options, metrics, thresholds, figures }: LoadResult): Report {
  const unknown = thresholds.find(({ metric }) => metrics[metric] === undefined);
  if (unknown !== undefined) throw new Error(describeUnknown(unknown.metric, figures));
  const { world, url, legacy, seconds, rampSeconds, rate, attackRate, crowd, seed } = options;
  return createReport({
    name: "loadtest",
    params: {
      players: figures.players,
      world,
      seconds,
      rampSeconds,
      rate,
      attackRate,
      crowd,
      seed,
      legacy,
      findLimit: options.findLimit,
      ...(url !== undefined && { url }),
    },
    metrics,
    bars: thresholds,
  });
}

/** Writes what was asked for and gives the path of the page. */
async function write(
  report: Report,
  page: string,
  { reportFolder, jsonFile }: { reportFolder: string; jsonFile: string | undefined },
): Promise<string> {
  const json = `${JSON.stringify(report, null, 2)}\n`;
  await mkdir(reportFolder, { recursive: true });
  const path = join(reportFolder, "report.html");
  await Bun.write(path, page);
  await Bun.write(join(reportFolder, "report.json"), json);
  if (jsonFile !== undefined) await Bun.write(jsonFile, json);
  return path;
}
