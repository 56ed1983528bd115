import type { Bucket } from "../load-run.ts";
import { createAxis } from "./axis.ts";
import { coordinate, escapeText, figure } from "./markup.ts";

export interface HistogramChart {
  readonly title: string;
  readonly buckets: readonly Bucket[];
  readonly colour: number;
  /** Upright lines with a name, such as percentiles. */
  readonly marks: readonly { readonly name: string; readonly atMs: number }[];
}

const BINS = 44;
const WIDTH = 520;
const HEIGHT = 230;
const LEFT = 12;
const RIGHT = 12;
const TOP = 42;
const BOTTOM = 30;
/** The axis ends a little behind this share of all; the rest is told in words. */
const SHOWN_SHARE = 0.9995;

/** How often which latency came, on an even scale. */
export function renderHistogram({ title, buckets, colour, marks }: HistogramChart): string {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return "";
  const max = findShown(buckets, total) * 1.03;
  const ticks = createAxis(max, 8).ticks.filter((tick) => tick <= max);
  const bins = sortIntoBins(buckets, max);
  const greatest = Math.max(...bins);
  const binWidth = (WIDTH - LEFT - RIGHT) / BINS;
  const atX = (ms: number) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.min(ms, max)) / max;
  const bars = bins.map((count, index) => {
    const height = ((HEIGHT - TOP - BOTTOM) * count) / greatest;
    const from = (max * index) / BINS;
    const label = `${figure(from)}–${figure(from + max / BINS)} ms: ${figure(count)}`;
    return (
      `<rect class="bar c${colour}" x="${coordinate(LEFT + index * binWidth + 0.6)}" ` +
      `y="${coordinate(HEIGHT - BOTTOM - height)}" width="${coordinate(binWidth - 1.2)}" ` +
      `height="${coordinate(height)}" rx="1.5"><title>${label}</title></rect>`
    );
  });
  const beyond = buckets.reduce((sum, { upToMs, count }) => {
    return sum + (upToMs > max ? count : 0);
  }, 0);
  const unseen = beyond === 0 ? "" : `<p>${figure(beyond)} more are beyond the right edge.</p>`;
  return `<figure class="chart">
<figcaption><b>${escapeText(title)}</b><i>${figure(total)} samples, ms</i></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}">
${bars.join("")}
<line class="floor" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${
    HEIGHT - BOTTOM
  }"/>
${ticks
  .map((tick) => {
    const x = coordinate(atX(tick));
    return `<text class="tick middle" x="${x}" y="${HEIGHT - 10}">${figure(tick)}</text>`;
  })
  .join("")}
${renderMarks(marks, atX)}
</svg>${unseen}</figure>`;
}

/** Each name has a row of its own, since percentiles may lie close together. */
function renderMarks(marks: HistogramChart["marks"], atX: (ms: number) => number): string {
  return marks
    .map(({ name, atMs }, index) => {
      const x = coordinate(atX(atMs));
      const y = 10 + 12 * index;
      const side = atX(atMs) > WIDTH * 0.8 ? "end" : "start";
      const shift = side === "end" ? -4 : 4;
      return (
        `<line class="mark" x1="${x}" x2="${x}" y1="${y - 8}" y2="${HEIGHT - BOTTOM}"/>` +
        `<text class="mark-label ${side}" x="${x}" dx="${shift}" y="${y}">` +
        `${escapeText(name)} ${figure(atMs)}</text>`
      );
    })
    .join("");
}

function findShown(buckets: readonly Bucket[], total: number): number {
  let seen = 0;
  for (const { upToMs, count } of buckets) {
    seen += count;
    if (seen >= total * SHOWN_SHARE) return upToMs;
  }
  return buckets.at(-1)?.upToMs ?? 1;
}

/** A bucket's content is spread evenly over the bins that it touches. */
function sortIntoBins(buckets: readonly Bucket[], max: number): number[] {
  const bins = new Array<number>(BINS).fill(0);
  let from = 0;
  for (const { upToMs, count } of buckets) {
    // Buckets between that are empty are not listed; none is wider than a 64th of its end.
    const start = Math.max(from, upToMs * (1 - 1 / 64) - 0.001);
    const width = Math.max(upToMs - start, 1e-6);
    from = upToMs;
    const binMs = max / BINS;
    const last = Math.min(BINS - 1, Math.floor(upToMs / binMs));
    for (let bin = Math.max(0, Math.floor(start / binMs)); bin <= last; bin++) {
      const overlap = Math.min(upToMs, (bin + 1) * binMs) - Math.max(start, bin * binMs);
      if (overlap > 0) bins[bin] = (bins[bin] ?? 0) + (count * overlap) / width;
    }
  }
  return bins;
}
