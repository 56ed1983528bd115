// Reading of Prometheus' text form (https://prometheus.io/docs/instrumenting/exposition_formats).

/** One line of it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a process says of itself on /metrics. */
export class MetricsText {
  readonly samples: readonly Sample[];

  constructor(text: string) {
    this.samples = text.split("\n").flatMap(parseLine);
  }

  /** Sum of all samples of this name that carry these labels; 0 when there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.samples
      .filter((sample) => sample.name === name && hasLabels(sample, labels))
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** Of a histogram: how many observations were at most so great, ascending, over all labels. */
  buckets(name: string): { readonly upTo: number; readonly count: number }[] {
    const counts = new Map<number, number>();
    for (const { name: own, labels, value } of this.samples) {
      if (own !== `${name}_bucket` || labels.le === undefined) continue;
      const upTo = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
      counts.set(upTo, (counts.get(upTo) ?? 0) + value);
    }
    return [...counts].map(([upTo, count]) => ({ upTo, count })).sort((a, b) => a.upTo - b.upTo);
  }
}

/**
 * The upper bound of the bucket in which the given share (0 to 1) of what was observed between two
 * readings lies: Infinity when it is beyond the last bound, 0 when there was nothing.
 */
export function bucketPercentile(
  before: MetricsText,
  after: MetricsText,
  wanted: { readonly name: string; readonly share: number },
): number {
  const earlier = new Map(before.buckets(wanted.name).map(({ upTo, count }) => [upTo, count]));
  const counts = after
    .buckets(wanted.name)
    .map(({ upTo, count }) => ({ upTo, count: count - (earlier.get(upTo) ?? 0) }));
  const total = counts.at(-1)?.count ?? 0;
  if (total === 0) return 0;
  return counts.find(({ count }) => count >= wanted.share * total)?.upTo ?? 0;
}

function parseLine(line: string): Sample[] {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
  if (match === null || match[1] === undefined) return [];
  const labels: Record<string, string> = {};
  for (const [, key = "", value = ""] of (match[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[key] = value;
  }
  const value = match[3] === "+Inf" ? Number.POSITIVE_INFINITY : Number(match[3]);
  return [{ name: match[1], labels, value }];
}

function hasLabels(sample: Sample, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
}
