import { type Bar, formatFigure, type Report } from "../../report.ts";
import { formatBound, renderMachines, sentence, splitNotes } from "../../run/page.ts";
import type { Experiment } from "./experiment.ts";

/** What docs/RELIABILITY.md is made of. */
export interface ReliabilityParts {
  readonly catalogue: readonly Experiment[];
  /** The last kept report of each experiment. */
  readonly reports: readonly Report[];
  /** Text of docs/reliability-notes.md: what people have to say, by headings of level 2. */
  readonly notes: string;
}

const HEAD = `<!-- Written by \`bun run chaos NAME --report\` from bench/chaos/results and from
     docs/reliability-notes.md: change those. -->
# Reliability`;

/** The page, the same for the same parts. */
export function renderReliability({ catalogue, reports, notes }: ReliabilityParts): string {
  const sections = splitNotes(notes);
  const names = new Set(catalogue.map(({ name }) => name));
  const reportOf = new Map(reports.map((report) => [report.name, report]));
  const general = [...sections].filter(([heading]) => !names.has(heading));
  const parts = [
    HEAD,
    ...general.flatMap(([heading, text]) => [`## ${heading}`, text]),
    "## Verdicts",
    renderVerdicts(catalogue, reportOf),
    renderMachines(reports.filter(({ name }) => names.has(name))),
    "## Each experiment",
    ...catalogue.map(({ name, work }) =>
      renderExperiment({ name, work, report: reportOf.get(name), notes: sections.get(name) }),
    ),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The rule of three: what a series of n runs proves, and what it does not. */
export function describeConfidence({ metrics }: Report): string {
  const { runs = 0, failedRuns = 0 } = metrics;
  // An experiment may consist of many trials of the same kind: each of them counts.
  const trials = metrics.trials ?? runs;
  if (failedRuns > 0) return `n = ${formatFigure(trials)}: ${failedRuns} of ${runs} runs failed`;
  const percent = formatFigure(Math.min(100, 300 / Math.max(1, trials)));
  return (
    `n = ${formatFigure(trials)}: 0 failures bound the true rate by about 3/n = ${percent} % ` +
    "(95 % confidence)"
  );
}

function renderVerdicts(
  catalogue: readonly Experiment[],
  reportOf: ReadonlyMap<string, Report>,
): string {
  const rows = catalogue.map(({ name, work }) => {
    const report = reportOf.get(name);
    const start = `| [\`${name}\`](#${name}) | ${work}`;
    if (report === undefined) return `${start} | | no long series yet |`;
    const missed = report.bars.filter(({ ok }) => !ok);
    const verdict = missed.length === 0 ? "met" : `**missed**: ${missed.map(tell).join(", ")}`;
    return `${start} | ${describeConfidence(report)} | ${verdict} |`;
  });
  return [
    "| experiment | what is done, what must hold | n | verdict |",
    "|---|---|---|---|",
    ...rows,
  ]
    .join("\n")
    .trim();
}

function tell(bar: Bar): string {
  return `${bar.metric} ${formatFigure(bar.value)}, wanted ${formatBound(bar)}`;
}

function renderExperiment(experiment: {
  name: string;
  work: string;
  report: Report | undefined;
  notes: string | undefined;
}): string {
  const { name, work, report, notes } = experiment;
  const parts = [`### ${name}`, sentence(work), notes ?? ""];
  if (report !== undefined) parts.push(renderCommand(report), renderFigures(report));
  return parts.filter((part) => part !== "").join("\n\n");
}

function renderCommand({ name, params }: Report): string {
  const { runs, seed, ...rest } = params;
  const given = Object.entries(rest).map(([param, value]) => `${param} ${value}`);
  const command = `\`bun run chaos ${name} --runs ${runs} --seed ${seed}\``;
  return given.length === 0 ? `${command}.` : `${command}: ${given.join(", ")}.`;
}

function renderFigures({ metrics, bars }: Report): string {
  const rows = Object.entries(metrics).map(([metric, value]) => {
    const bar = bars.find((each) => each.metric === metric);
    const verdict =
      bar === undefined ? "" : `${formatBound(bar)}: ${bar.ok ? "met" : "**missed**"}`;
    return `| ${metric} | ${formatFigure(value)} | ${verdict} |`;
  });
  return ["| figure | worst or median | bar |", "|---|---|---|", ...rows].join("\n");
}
