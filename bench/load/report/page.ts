// The report of a load test as one HTML file that needs nothing else: no network, no folder.
import type { Report } from "../../report.ts";
import type { Percentiles } from "../histogram.ts";
import type { LoadResult } from "../load-run.ts";
import { formatBytes } from "../summary.ts";
import { renderCharts } from "./charts.ts";
import { escapeText, figure, shortFigure } from "./markup.ts";
import { POINTER_SCRIPT } from "./pointer-script.ts";
import { STYLE } from "./style.ts";

export interface ReportPage {
  readonly report: Report;
  readonly result: LoadResult;
  readonly command: string;
  readonly startedAt: Date;
}

export function renderPage(page: ReportPage): string {
  const { report, result, command, startedAt } = page;
  const missed = report.bars.filter(({ ok }) => !ok).length;
  const all = report.bars.length;
  const verdict = missed === 0 ? `All ${all} bounds met` : `${missed} of ${all} bounds missed`;
  const title = headline(result);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)} · load test</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1><small>Load test · ${escapeText(result.options.world)}</small>${escapeText(title)}</h1>
<div class="verdict ${missed === 0 ? "good" : "bad"}">${verdict}</div>
</header>
<p class="lead">${escapeText(describeRun(result))} ${formatTime(startedAt)}.</p>
<pre><code>${escapeText(command)}</code></pre>
<div class="cards">${renderCards(result)}</div>
${renderCharts(result)}
<h2>Latency</h2>
<div class="panel">${renderLatencies(result)}</div>
<div class="two">
<section><h2>Bounds</h2><div class="panel">${renderBars(report)}</div></section>
<section><h2>Where</h2><div class="panel">${renderPlace(page)}</div></section>
</div>
${renderSteps(result)}
<h2>How it was measured</h2>
<div class="method">${renderMethod(result)}</div>
</main>
<script>${POINTER_SCRIPT}</script>
</body>
</html>
`;
}

function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function headline({ options, figures, metrics }: LoadResult): string {
  if (!options.findLimit) return `${figure(figures.playing)} players in one world`;
  const limit = metrics.playersLimit ?? 0;
  return limit === 0 ? "The first step is beyond the limit" : `The limit: ${figure(limit)} players`;
}

function describeRun({ options, figures }: LoadResult): string {
  const { crowd, rate, attackRate, legacy } = options;
  const attacks = attackRate > 0 ? ` and attacks ${times(attackRate)}` : "";
  const wire = legacy ? " over the ancestor's wire" : "";
  const place = crowd === "dense" ? "all within one window" : "spread over the world";
  return (
    `${figure(figures.players)} players, ${place}; each turns ${times(rate)} a second${attacks}` +
    `${wire}. Measured for ${figure(figures.seconds)} s,`
  );
}

function times(count: number): string {
  return count === 1 ? "once" : `${figure(count)} times`;
}

interface Card {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly note: string;
}

function renderCards({ figures, metrics }: LoadResult): string {
  const { ack, observer, ping, lost, counters } = figures;
  const lostProbes = lost.acks + lost.observations + lost.pings;
  const [bytes = "", bytesUnit = ""] = formatBytes(figures.bytesPerClientPerSecond).split(" ");
  const cards: Card[] = [
    { name: "Input → ack", ...inMs(ack) },
    { name: "Turn → seen", ...inMs(observer) },
    { name: "Ping", ...inMs(ping) },
    {
      name: "Bandwidth",
      value: bytes,
      unit: `${bytesUnit}/s`,
      note: "down, per player",
    },
    {
      name: "Lost",
      value: figure(counters.missedFrames + lostProbes),
      unit: "",
      note: `of ${shortFigure(counters.frames)} ${figures.canMiss ? "frames" : "messages"}`,
    },
  ];
  const { shardCpuPercent, shardRssMB } = metrics;
  if (shardCpuPercent !== undefined && shardRssMB !== undefined) {
    cards.push(
      {
        name: "Shard CPU",
        value: figure(shardCpuPercent),
        unit: "%",
        note: "of one core",
      },
      { name: "Shard memory", value: figure(shardRssMB), unit: "MB", note: "at the end" },
    );
  }
  return cards
    .map(({ name, value, unit, note }) => {
      return (
        `<div class="card"><i>${escapeText(name)}</i><b>${escapeText(value)}` +
        `<span>${escapeText(unit)}</span></b><small>${escapeText(note)}</small></div>`
      );
    })
    .join("");
}

function inMs({ count, p50, p99 }: Percentiles): Omit<Card, "name"> {
  if (count === 0) return { value: "–", unit: "", note: "nothing to measure" };
  return { value: figure(p50), unit: "ms", note: `p99 ${figure(p99)} ms` };
}

function renderLatencies({ figures, join }: LoadResult): string {
  const rows: readonly (readonly [string, Percentiles])[] = [
    ["Input → frame that acknowledges it", figures.ack],
    ["Turn → first frame of another player that shows it", figures.observer],
    ["Ping → pong", figures.ping],
    // Without ticks each message is counted, and several come at once.
    ...(figures.canMiss ? [["Frame → next frame of a player", figures.frameGap] as const] : []),
    ["Decision to join → in the world", join],
    ["Cut → back in the session", figures.resume],
    ["Lateness of the load test itself", figures.lateness],
  ];
  const body = rows
    .filter(([, { count }]) => count > 0)
    .map(([name, { mean, p50, p90, p99, p999, max, count }]) => {
      const cells = [mean, p50, p90, p99, p999, max].map((value) => `<td>${figure(value)}</td>`);
      return `<tr><td>${name}</td>${cells.join("")}<td>${figure(count)}</td></tr>`;
    });
  const head = ["ms", "mean", "p50", "p90", "p99", "p99.9", "max", "samples"];
  return renderTable(head, body);
}

function renderBars({ bars }: Report): string {
  const body = bars.map(({ metric, op, bound, value, ok }) => {
    const verdict = ok ? `<td class="good">met</td>` : `<td class="bad">missed</td>`;
    const sign = { "<=": "≤", ">=": "≥", "==": "=" }[op];
    return (
      `<tr><td>${escapeText(metric)}</td><td>${figure(value)}</td>` +
      `<td>${sign} ${figure(bound)}</td>${verdict}</tr>`
    );
  });
  return renderTable(["metric", "measured", "bound", ""], body);
}

function renderPlace({ report, result }: ReportPage): string {
  const { machine, commit } = report;
  const { figures, metrics, threads } = result;
  const busy = threads.filter(({ cpuPercent }) => cpuPercent >= 1);
  const rows: [string, string][] = [
    ["Machine", `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGB} GB`],
    ["Code", `${commit}, Bun ${machine.bun}`],
    ["Target", result.description.join(" ")],
    ...busy.map(({ name, cpuPercent }, index): [string, string] => [
      index === 0 ? "Shard's threads" : "",
      `${name} ${figure(cpuPercent)} %`,
    ]),
    [
      "Load test itself",
      `${figure(metrics.generatorCpuPercent ?? 0)} % of a core on the same machine: ` +
        `${figure(figures.cpuMicrosPerFrame)} µs per frame, ` +
        `${figure(figures.cpuPercentPerClient)} % per player`,
    ],
  ];
  const entries = rows.map(([name, text]) => `<dt>${name}</dt><dd>${escapeText(text)}</dd>`);
  return `<dl>${entries.join("")}</dl>`;
}

function renderSteps({ steps }: LoadResult): string {
  if (steps.length === 0) return "";
  const body = steps.map(({ players, metrics, broken }) => {
    const cells = ["ackMsP99", "observerMsP99", "missedPercent", "shardCpuPercent"].map((name) => {
      return `<td>${figure(metrics[name] ?? Number.NaN)}</td>`;
    });
    const verdict =
      broken.length === 0
        ? `<td class="text good">all bounds hold</td>`
        : `<td class="text bad">${escapeText(broken.join("; "))}</td>`;
    return `<tr><td>${figure(players)}</td>${cells.join("")}${verdict}</tr>`;
  });
  const head = ["players", "ack p99, ms", "seen p99, ms", "missed, %", "shard CPU, %", ""];
  return `<h2>The way to the limit</h2><div class="panel">${renderTable(head, body)}</div>`;
}

function renderTable(head: readonly string[], body: readonly string[]): string {
  const cells = head.map((name) => `<th>${name}</th>`).join("");
  return `<table><thead><tr>${cells}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function renderMethod({ options, figures }: LoadResult): string {
  const sync =
    figures.sync.checks === 0
      ? ""
      : `<p>A sample of the players follows every frame as a game does and compares what it knows
with the shard's state hashes: ${figure(figures.sync.checks)} comparisons,
${figure(figures.sync.mismatches)} not equal.</p>`;
  const wait = options.legacy
    ? `The ancestor's wire acknowledges each MOVE after the tick that applied it, and tells of
others ten times a second, each thing in a message of its own; messages carry no tick, so missed
ones cannot be found.`
    : `An input waits for the next frame to its player, so half the time between two frames is the
least that the median can be.`;
  const missed = options.legacy
    ? ""
    : ` Frames are counted as missed when the ticks of two frames that follow each other are further
apart than they should be.`;
  return `<p>Every input has the time at which it was meant to be sent, whatever the load test or
the shard was busy with, and its latency counts from that time: a stall shows in all inputs that it
held up, not in one (no coordinated omission). An input that never comes back is counted as lost,
and its age as its latency. ${wait}</p>
<p>“Seen” is measured between players who must see each other: from the time at which one was meant
to turn to the first frame of the other that shows the new direction.${missed}</p>
<p>Percentiles come from a histogram whose steps are at most 1.6 % wide; they are never understated.
Everything that is left to chance follows from the seed ${figure(options.seed)}. Load test and shard
ran on one machine unless the target says otherwise, and share its cores.</p>${sync}`;
}
