import type { LoadResult } from "../load-run.ts";
import type { Moment } from "../moments.ts";
import { renderHistogram } from "./histogram-chart.ts";
import { type Line, type LineChart, renderLineChart } from "./line-chart.ts";

/** All charts of the report, in the order in which questions come. */
export function renderCharts(result: LoadResult): string {
  const time = renderTimeCharts(result);
  const { ack, observer } = result.figures;
  const histograms = [
    renderHistogram({
      title: "Input → ack",
      buckets: result.buckets.ack,
      colour: 1,
      marks: marksOf(ack),
    }),
    renderHistogram({
      title: "Turn → seen by another",
      buckets: result.buckets.observer,
      colour: 2,
      marks: marksOf(observer),
    }),
  ];
  const limit = renderLimitChart(result);
  return `<h2>Over time</h2><div class="charts">${time.join("")}</div>
<h2>How long it takes, how often</h2><div class="charts">${histograms.join("")}</div>${limit}`;
}

function renderTimeCharts({ moments, measured, options }: LoadResult): string[] {
  const band = {
    from: measured.fromSeconds,
    to: measured.toSeconds,
    label: options.findLimit ? "the best step" : "measured",
  };
  const base = { x: moments.map(({ atSeconds }) => atSeconds), xUnit: "s", band };
  const charts = [...chartLatencies(moments), ...chartLoad(moments, options.legacy)];
  return charts.filter(isMeasured).map((chart) => renderLineChart({ ...base, ...chart }));
}

type Chart = Pick<LineChart, "title" | "unit" | "lines">;

/** The ancestor's clients ping nobody, for one. */
function isMeasured({ lines }: Chart): boolean {
  return lines.some(({ values }) => values.some(Number.isFinite));
}

function chartLatencies(moments: readonly Moment[]): Chart[] {
  const line = createLine(moments);
  // A second in which nothing came back has no latency, not one of 0.
  const known = (value: number) => (value > 0 ? value : Number.NaN);
  return [
    {
      title: "Latency",
      unit: "ms",
      lines: [
        line("ack p50", 1, ({ ackMsP50 }) => known(ackMsP50)),
        line("ack p99", 2, ({ ackMsP99 }) => known(ackMsP99)),
        line("seen p99", 4, ({ observerMsP99 }) => known(observerMsP99)),
      ],
    },
    {
      title: "Ping",
      unit: "ms",
      lines: [
        line("p50", 3, ({ pingMsP50 }) => known(pingMsP50)),
        line("p99", 5, ({ pingMsP99 }) => known(pingMsP99)),
      ],
    },
  ];
}

function chartLoad(moments: readonly Moment[], isLegacy: boolean): Chart[] {
  const line = createLine(moments);
  const bytesPerPlayer = ({ bytesPerSecond, players }: Moment) => {
    return players === 0 ? Number.NaN : bytesPerSecond / players / 1_000;
  };
  return [
    {
      title: "Players",
      unit: "players",
      lines: [{ ...line("in the world", 1, ({ players }) => players), isFilled: true }],
    },
    {
      title: "Down per player",
      unit: "KB/s",
      lines: [{ ...line("bytes", 3, bytesPerPlayer), isFilled: true }],
    },
    {
      // The ancestor says each thing in a message of its own.
      title: isLegacy ? "Messages" : "Frames",
      unit: isLegacy ? "messages/s" : "frames/s",
      lines: [{ ...line("all players", 5, (moment) => moment.framesPerSecond), isFilled: true }],
    },
    {
      title: "Processor",
      unit: "% of a core",
      lines: [
        line("shard", 2, ({ shardCpuPercent }) => shardCpuPercent ?? Number.NaN),
        line("load test", 3, ({ generatorCpuPercent }) => generatorCpuPercent),
      ],
    },
  ];
}

function createLine(moments: readonly Moment[]) {
  return (name: string, colour: number, read: (moment: Moment) => number): Line => ({
    name,
    colour,
    values: moments.map(read),
  });
}

function renderLimitChart({ steps }: LoadResult): string {
  if (steps.length === 0) return "";
  const sorted = steps.toSorted((one, other) => one.players - other.players);
  const line = (name: string, colour: number, metric: string): Line => ({
    name,
    colour,
    values: sorted.map(({ metrics }) => metrics[metric] ?? Number.NaN),
  });
  const base = { x: sorted.map(({ players }) => players), xUnit: "players", hasDots: true };
  const charts = [
    renderLineChart({
      ...base,
      title: "Latency by players",
      unit: "ms",
      lines: [
        line("ack p50", 1, "ackMsP50"),
        line("ack p99", 2, "ackMsP99"),
        line("seen p99", 4, "observerMsP99"),
      ],
    }),
    renderLineChart({
      ...base,
      title: "Processor by players",
      unit: "% of a core",
      lines: [line("shard", 2, "shardCpuPercent"), line("load test", 3, "generatorCpuPercent")],
    }),
  ];
  return `<h2>By players</h2><div class="charts">${charts.join("")}</div>`;
}

function marksOf({ p50, p90, p99 }: { p50: number; p90: number; p99: number }) {
  return [
    { name: "p50", atMs: p50 },
    { name: "p90", atMs: p90 },
    { name: "p99", atMs: p99 },
  ];
}
