import { formatFigure, type Report } from "../report.ts";
import type { Percentiles } from "./histogram.ts";
import type { LoadResult } from "./load-run.ts";

/** What people read at the end of a load test. */
export function summarise(result: LoadResult, report: Report): string[] {
  const { figures, metrics } = result;
  const { counters, lost } = figures;
  const seconds = `${formatFigure(figures.seconds)} s`;
  return [
    "",
    `${report.name}: ${count(figures.playing)} of ${count(figures.players)} players, ${seconds}`,
    "",
    table([
      ["ms", "p50", "p90", "p99", "p99.9", "max", "count"],
      ...latencyRow("input → ack", figures.ack),
      ...latencyRow("turn → seen", figures.observer),
      ...latencyRow("ping → pong", figures.ping),
      ...(figures.canMiss ? latencyRow("frame → frame", figures.frameGap) : []),
    ]),
    "",
    (figures.canMiss
      ? `frames     ${count(counters.frames)} came, ${count(counters.missedFrames)} missed; `
      : `messages   ${count(counters.frames)} came; `) +
      `per client ${formatFigure(figures.framesPerClientPerSecond)}/s, ` +
      `${formatBytes(figures.bytesPerClientPerSecond)}/s`,
    `inputs     ${count(counters.inputs)} sent, ${count(counters.rejections)} refused; lost: ` +
      `${count(lost.acks)} acks, ${count(lost.observations)} sights, ${count(lost.pings)} pings`,
    `players    ${count(counters.cuts)} cut, ${count(counters.resumes)} resumed, ` +
      `${count(counters.failures)} failed to get in`,
    ...shardLines(result),
    ...syncLines(result),
    `load test  ${formatFigure(metrics.generatorCpuPercent ?? 0)} % of a core, ` +
      `${formatFigure(figures.cpuMicrosPerFrame)} µs per frame, ` +
      `${formatFigure(figures.cpuPercentPerClient)} % of a core per client; ` +
      `its own inputs were late by ${formatFigure(figures.lateness.p99)} ms (p99)`,
    ...reasonLines(figures.reasons),
    ...limitLines(result),
    "",
    ...report.bars.map(({ metric, op, bound, value, ok }) => {
      const verdict = ok ? "met   " : "MISSED";
      return `${verdict}  ${metric} ${formatFigure(value)} ${op} ${formatFigure(bound)}`;
    }),
  ];
}

/** 1,234 bytes read "1.23 KB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${formatFigure(bytes)} B`;
  if (bytes < 1e6) return `${formatFigure(bytes / 1e3)} KB`;
  return `${formatFigure(bytes / 1e6)} MB`;
}

function shardLines({ metrics, threads }: LoadResult): string[] {
  const { shardCpuPercent, shardRssMB, shardTickLatenessMsP99, shardTicksSkipped } = metrics;
  if (shardCpuPercent === undefined || shardRssMB === undefined) return [];
  const busy = threads
    .filter(({ cpuPercent }) => cpuPercent >= 1)
    .map(({ name, cpuPercent }) => `${name} ${formatFigure(cpuPercent)}`);
  return [
    `shard      ${formatFigure(shardCpuPercent)} % of a core (${busy.join(", ")}), ` +
      `${Math.round(shardRssMB)} MB, ticks late by at most ` +
      `${formatFigure(shardTickLatenessMsP99 ?? 0)} ms (p99), ` +
      `${count(shardTicksSkipped ?? 0)} skipped`,
  ];
}

function syncLines({ figures }: LoadResult): string[] {
  const { checks, mismatches } = figures.sync;
  if (checks === 0) return [];
  return [
    `in sync    ${count(checks)} comparisons with the shard's hashes, ` +
      `${count(mismatches)} not equal`,
  ];
}

function reasonLines(reasons: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(reasons).sort((one, other) => other[1] - one[1]);
  return entries.map(([reason, times]) => `           ${count(times)} × ${reason}`);
}

function limitLines({ steps, metrics, options }: LoadResult): string[] {
  if (!options.findLimit) return [];
  const limit = metrics.playersLimit ?? 0;
  const lines = steps.map(({ players, broken }) => {
    return `           ${count(players)}: ${broken.length === 0 ? "holds" : broken.join(", ")}`;
  });
  const verdict =
    limit === 0 ? "not even the first step holds" : `${count(limit)} players hold all bounds`;
  return [`limit      ${verdict}; tried`, ...lines];
}

function latencyRow(name: string, percentiles: Percentiles): string[][] {
  const { p50, p90, p99, p999, max } = percentiles;
  if (percentiles.count === 0) return [];
  return [[name, ...[p50, p90, p99, p999, max].map(formatMs), count(percentiles.count)]];
}

function formatMs(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => {
    return Math.max(...rows.map((row) => row[column]?.length ?? 0));
  });
  return rows
    .map((row) => {
      return row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  ");
    })
    .join("\n");
}
