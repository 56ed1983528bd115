/** Text as it may stand in HTML, attributes included. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A number of an SVG coordinate: short, and never in exponents. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Whole numbers with commas, others with three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100 || Number.isInteger(value)) {
    return Math.round(value).toLocaleString("en-US");
  }
  return String(Number(value.toPrecision(3)));
}

/** 12,300 reads "12.3k". */
export function shortFigure(value: number): string {
  const abs = Math.abs(value);
  if (abs >= 1e6) return `${figure(value / 1e6)}M`;
  if (abs >= 1e4) return `${figure(value / 1e3)}k`;
  return figure(value);
}
