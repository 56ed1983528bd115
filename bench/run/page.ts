import { type Bar, formatFigure, type Machine, type Report } from "../report.ts";
import type { Benchmark } from "./benchmark.ts";

/** What docs/BENCHMARKS.md is made of. */
export interface PageParts {
  readonly catalogue: readonly Benchmark[];
  /** The last report of each benchmark that has been measured. */
  readonly reports: readonly Report[];
  /** Text of docs/benchmarks-notes.md: what people have to say, by headings of level 2. */
  readonly notes: string;
}

const HEAD = `<!-- Written by \`bun run bench --all --report\` from bench/results and from
     docs/benchmarks-notes.md: change those. -->
# Benchmarks`;

/** The page, the same for the same parts. */
export function renderPage({ catalogue, reports, notes }: PageParts): string {
  const sections = splitNotes(notes);
  const names = new Set(catalogue.map(({ name }) => name));
  const reportOf = new Map(reports.map((report) => [report.name, report]));
  const general = [...sections].filter(([heading]) => !names.has(heading));
  const parts = [
    HEAD,
    "## Bars",
    renderBars(catalogue, reportOf),
    "## Where and with what",
    renderMachines(reports.filter(({ name }) => names.has(name))),
    ...general.flatMap(([heading, text]) => [`## ${heading}`, text]),
    "## Each benchmark",
    ...catalogue.map((benchmark) =>
      renderBenchmark(benchmark, reportOf.get(benchmark.name), sections.get(benchmark.name)),
    ),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Text below each heading of level 2, in order; what stands before the first stays there. */
export function splitNotes(notes: string): Map<string, string> {
  const sections = notes.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = "", ...lines] = section.split("\n");
      return [heading.trim(), lines.join("\n").trim()];
    }),
  );
}

function renderBars(
  catalogue: readonly Benchmark[],
  reportOf: ReadonlyMap<string, Report>,
): string {
  const rows = catalogue.flatMap((benchmark) => {
    const { name, work } = benchmark;
    const start = `| [\`${name}\`](#${name}) | ${work}`;
    const report = reportOf.get(name);
    if (report === undefined) return [`${start} | | | ${whyNoReport(benchmark)} |`];
    return report.bars.map((bar, index) => {
      const cells = [meaningOf(benchmark, bar.metric), formatBound(bar), formatFigure(bar.value)];
      const lead = index === 0 ? start : "| |";
      return `${lead} | ${cells[0]} ${cells[1]} | ${cells[2]} | ${formatVerdict(bar)} |`;
    });
  });
  return ["| benchmark | work | bar | value | verdict |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}

function whyNoReport({ coresMin }: Benchmark): string {
  // One core for what is measured and one for the load is what nearly every machine has.
  if (coresMin <= 2) return "not measured yet";
  return `not measured: it needs a machine with ${coresMin} cores or more`;
}

/** The bound as people write it. */
export function formatBound({ op, bound }: Bar): string {
  const sign = { "<=": "≤", ">=": "≥", "==": "=" }[op];
  return `${sign} ${formatFigure(bound)}`;
}

/** Met or missed, and how far from the bound. */
export function formatVerdict({ op, bound, value, ok }: Bar): string {
  const verdict = ok ? "met" : "**missed**";
  if (op === "==" || bound === 0) return verdict;
  return `${verdict}, ${formatFigure(value / bound)} × the bound`;
}

/** Where and from which commit the reports come, those of one place together. */
export function renderMachines(reports: readonly Report[]): string {
  const groups = new Map<string, string[]>();
  for (const { name, machine, commit } of reports) {
    const where = `${describeMachine(machine)}, commit ${commit}`;
    groups.set(where, [...(groups.get(where) ?? []), `\`${name}\``]);
  }
  const lines = [...groups].map(([where, names]) => `- ${names.join(", ")}: ${where}.`);
  return lines.length === 0 ? "Nothing has been measured yet." : lines.join("\n");
}

function describeMachine({ cores, cpu, memoryGB, bun }: Machine): string {
  return `${cores} cores of ${cpu}, ${memoryGB} GB memory, Bun ${bun}`;
}

function renderBenchmark(
  benchmark: Benchmark,
  report: Report | undefined,
  notes: string | undefined,
): string {
  const { name, work } = benchmark;
  const parts = [`### ${name}`, sentence(work)];
  if (notes !== undefined) parts.push(notes);
  if (report === undefined) parts.push(sentence(whyNoReport(benchmark)));
  else parts.push(renderParams(report), renderFigures(benchmark, report));
  return parts.filter((part) => part !== "").join("\n\n");
}

function renderParams({ name, params }: Report): string {
  const given = Object.entries(params).map(([param, value]) => `${param} ${formatParam(value)}`);
  return `\`bun run bench ${name}\`: ${given.join(", ")}.`;
}

function renderFigures(benchmark: Benchmark, { metrics, params }: Report): string {
  const rows = Object.entries(benchmark.meanings).flatMap(([metric, meaning]) => {
    const value = metrics[metric];
    if (value === undefined) return [];
    return [`| ${meaning} | ${formatFigure(value)} | ${formatSpread(metrics, metric)} |`];
  });
  const spread = params.runs === 1 ? "" : "lowest to highest";
  return [`| figure | median | ${spread} |`, "|---|---|---|", ...rows].join("\n");
}

function formatSpread(metrics: Report["metrics"], metric: string): string {
  const [lowest, highest] = [metrics[`${metric}Lowest`], metrics[`${metric}Highest`]];
  if (lowest === undefined || highest === undefined) return "";
  return `${formatFigure(lowest)} to ${formatFigure(highest)}`;
}

function meaningOf({ meanings }: Benchmark, metric: string): string {
  return meanings[metric] ?? metric;
}

function formatParam(value: number | string | boolean): string {
  return typeof value === "number" ? formatFigure(value) : String(value);
}

/** A line of work as a sentence. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
