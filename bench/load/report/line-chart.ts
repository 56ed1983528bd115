import { createAxis } from "./axis.ts";
import { coordinate, escapeText, figure, shortFigure } from "./markup.ts";

/** One line; NaN leaves a gap. */
export interface Line {
  readonly name: string;
  /** Number of the colour, 1 to 5. */
  readonly colour: number;
  readonly values: readonly number[];
  /** Fills the area below. */
  readonly isFilled?: boolean;
}

export interface LineChart {
  readonly title: string;
  readonly unit: string;
  readonly note?: string;
  /** Of each value, ascending. */
  readonly x: readonly number[];
  readonly xUnit: string;
  readonly lines: readonly Line[];
  /** A part of the axis that is set off, such as the time that counts. */
  readonly band?: { readonly from: number; readonly to: number; readonly label: string };
  /** Marks each value, for few of them. */
  readonly hasDots?: boolean;
}

const WIDTH = 520;
const HEIGHT = 230;
const LEFT = 46;
const RIGHT = 12;
const TOP = 14;
const BOTTOM = 30;
/** Room that a band's label takes, about; without it to its right, it stands to the left. */
const LABEL_WIDTH = 80;

/** A chart with legend as HTML; the page's script adds what the pointer shows. */
export function renderLineChart(chart: LineChart): string {
  const { title, unit, lines, x, xUnit } = chart;
  const greatest = Math.max(0, ...lines.flatMap(({ values }) => values.filter(Number.isFinite)));
  const yAxis = createAxis(greatest, 4);
  const xMax = Math.max(1, ...x);
  const xTicks = createAxis(xMax, 6).ticks.filter((tick) => tick <= xMax);
  const atX = (value: number) => LEFT + ((WIDTH - LEFT - RIGHT) * value) / xMax;
  const atY = (value: number) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / yAxis.max;
  const scale: Scale = { atX, atY };
  const legend = lines
    .map(({ name, colour }) => `<span class="key c${colour}">${escapeText(name)}</span>`)
    .join("");
  const data = {
    x: x.map((value) => ({ at: atX(value) / WIDTH, label: `${figure(value)} ${xUnit}` })),
    lines: lines.map(({ name, colour, values }) => ({
      name,
      colour,
      values: values.map((value) => (Number.isFinite(value) ? `${figure(value)} ${unit}` : "–")),
    })),
  };
  return `<figure class="chart" data-chart="${escapeText(JSON.stringify(data))}">
<figcaption><b>${escapeText(title)}</b><i>${escapeText(unit)}</i>${legend}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}">
${renderBand(chart, { atX, xMax })}
${yAxis.ticks.map((tick) => renderRow(tick, atY)).join("")}
${xTicks.map((tick) => renderColumn(tick, { atX, xUnit })).join("")}
${lines.map((line) => renderLine(line, chart, scale)).join("\n")}
</svg>${chart.note === undefined ? "" : `<p>${escapeText(chart.note)}</p>`}</figure>`;
}

interface Scale {
  readonly atX: (value: number) => number;
  readonly atY: (value: number) => number;
}

/** As far as there are values: the last one may be from before its end. */
function renderBand({ band }: LineChart, { atX, xMax }: Pick<Scale, "atX"> & { xMax: number }) {
  if (band === undefined) return "";
  const left = atX(band.from);
  const width = Math.max(0, atX(Math.min(band.to, xMax)) - left);
  const hasRoom = left + LABEL_WIDTH <= WIDTH - RIGHT;
  const label = hasRoom ? { name: "", x: left + 5 } : { name: " end", x: left - 5 };
  return (
    `<rect class="band" x="${coordinate(left)}" y="${TOP}" width="${coordinate(width)}" ` +
    `height="${HEIGHT - TOP - BOTTOM}"/>` +
    `<text class="band-label${label.name}" x="${coordinate(label.x)}" y="${TOP + 11}">` +
    `${escapeText(band.label)}</text>`
  );
}

function renderRow(tick: number, atY: Scale["atY"]): string {
  const y = coordinate(atY(tick));
  return (
    `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>` +
    `<text class="tick end" x="${LEFT - 7}" y="${y}" dy="4">${shortFigure(tick)}</text>`
  );
}

function renderColumn(tick: number, { atX, xUnit }: { atX: Scale["atX"]; xUnit: string }): string {
  const label = tick === 0 ? "0" : `${shortFigure(tick)}${xUnit === "s" ? " s" : ""}`;
  const x = coordinate(atX(tick));
  return `<text class="tick middle" x="${x}" y="${HEIGHT - 10}">${label}</text>`;
}

function renderLine(line: Line, { x, hasDots = false }: LineChart, { atX, atY }: Scale): string {
  const pieces: string[][] = [[]];
  line.values.forEach((value, index) => {
    const at = x[index];
    if (at === undefined || !Number.isFinite(value)) {
      if (pieces.at(-1)?.length !== 0) pieces.push([]);
      return;
    }
    pieces.at(-1)?.push(`${coordinate(atX(at))},${coordinate(atY(value))}`);
  });
  const drawn = pieces.filter((piece) => piece.length > 0);
  const area = line.isFilled ? drawn.map((piece) => renderArea(piece, line, atY)).join("") : "";
  const strokes = drawn
    .map((piece) => `<polyline class="line c${line.colour}" points="${piece.join(" ")}"/>`)
    .join("");
  const dots = hasDots
    ? drawn.flat().map((point) => {
        const [cx, cy] = point.split(",");
        return `<circle class="dot c${line.colour}" cx="${cx}" cy="${cy}" r="3"/>`;
      })
    : [];
  return area + strokes + dots.join("");
}

function renderArea(piece: readonly string[], line: Line, atY: Scale["atY"]): string {
  const floor = coordinate(atY(0));
  const first = piece[0]?.split(",")[0];
  const last = piece.at(-1)?.split(",")[0];
  const points = [`${first},${floor}`, ...piece, `${last},${floor}`].join(" ");
  return `<polygon class="area c${line.colour}" points="${points}"/>`;
}
