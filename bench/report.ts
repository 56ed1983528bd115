// The one form in which benchmarks, load tests and chaos experiments tell what they measured.
import { cpus, totalmem } from "node:os";

/** A bound that a measured figure must keep. */
export interface Bar {
  readonly metric: string;
  readonly op: "<=" | ">=" | "==";
  readonly bound: number;
  readonly value: number;
  readonly ok: boolean;
}

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGB: number;
  readonly bun: string;
}

/** What one run measured. */
export interface Report {
  readonly name: string;
  /** Short hash of the code that ran; `+` when files were changed since. */
  readonly commit: string;
  readonly machine: Machine;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly bars: readonly Bar[];
}

/** Puts a report together: machine and commit are read here. A metric that is missing throws. */
export function createReport(run: {
  name: string;
  params: Report["params"];
  metrics: Report["metrics"];
  bars: readonly Omit<Bar, "value" | "ok">[];
}): Report {
  const { name, params, metrics } = run;
  const bars = run.bars.map((bar) => judge(bar, metrics));
  return { name, commit: readCommit(), machine: readMachine(), params, metrics, bars };
}

/** 0 when every bar is met, else 1. */
export function exitCodeOf(report: Report): number {
  return report.bars.every(({ ok }) => ok) ? 0 : 1;
}

/** Prints the figures and bars for people; writes the report as JSON when a file is named. */
export async function publishReport(report: Report, file: string | undefined): Promise<void> {
  for (const line of describeReport(report)) console.log(line);
  if (file !== undefined) await Bun.write(file, `${JSON.stringify(report, null, 2)}\n`);
}

function describeReport({ name, metrics, bars }: Report): string[] {
  const width = Math.max(...Object.keys(metrics).map((metric) => metric.length));
  const lines = Object.entries(metrics).map(([metric, value]) => {
    return `  ${metric.padEnd(width)}  ${formatFigure(value)}`;
  });
  const verdicts = bars.map(({ metric, op, bound, value, ok }) => {
    const verdict = ok ? "met   " : "MISSED";
    return `  ${verdict}  ${metric} ${formatFigure(value)} ${op} ${formatFigure(bound)}`;
  });
  return [name, ...lines, ...verdicts];
}

/** Three significant digits, or all of a whole number. */
export function formatFigure(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

function judge(bar: Omit<Bar, "value" | "ok">, metrics: Report["metrics"]): Bar {
  const { metric, op, bound } = bar;
  const value = metrics[metric];
  if (value === undefined) throw new Error(`cannot judge ${metric}: it was not measured`);
  const ok = op === "<=" ? value <= bound : op === ">=" ? value >= bound : value === bound;
  return { metric, op, bound, value, ok };
}

function readMachine(): Machine {
  const [first] = cpus();
  return {
    cores: cpus().length,
    cpu: first?.model.trim() ?? "unknown",
    memoryGB: Math.round(totalmem() / 2 ** 30),
    bun: Bun.version,
  };
}

function readCommit(): string {
  const run = (...words: string[]) =>
    Bun.spawnSync(["git", ...words])
      .stdout.toString()
      .trim();
  const commit = run("rev-parse", "--short", "HEAD") || "unknown";
  return run("status", "--porcelain", "--untracked-files=no") === "" ? commit : `${commit}+`;
}
