import { expect, test } from "bun:test";
import type { Report } from "../report.ts";
import type { Benchmark } from "./benchmark.ts";
import { formatVerdict, renderPage } from "./page.ts";

const FAST: Benchmark = {
  name: "fast",
  work: "run a mile",
  meanings: { seconds: "seconds for a mile", ratio: "times faster than a walk" },
  runs: 3,
  inProcess: true,
  coresMin: 1,
  params: {},
  bars: () => [],
  measure: async () => ({}),
};
const WIDE: Benchmark = { ...FAST, name: "wide", work: "run in four lanes", coresMin: 4 };

const REPORT: Report = {
  name: "fast",
  commit: "abc1234",
  machine: { cores: 2, cpu: "A", memoryGB: 4, bun: "1.4.5" },
  params: { lanes: 8, runs: 3 },
  metrics: { seconds: 240, secondsLowest: 230, secondsHighest: 250, ratio: 3, inner: 1 },
  bars: [
    { metric: "seconds", op: "<=", bound: 300, value: 240, ok: true },
    { metric: "ratio", op: ">=", bound: 4, value: 3, ok: false },
  ],
};

const NOTES =
  "words to whoever edits\n\n## Method\n\nOne by one.\n\n## fast\n\nThree ways tried.\n";

test("the page has a row for each bar, with the ratio to its bound", () => {
  const page = renderPage({ catalogue: [FAST, WIDE], reports: [REPORT], notes: NOTES });
  expect(page).toContain(
    "| [`fast`](#fast) | run a mile | seconds for a mile ≤ 300 | 240 | met, 0.8 × the bound |\n" +
      "| | | times faster than a walk ≥ 4 | 3 | **missed**, 0.75 × the bound |",
  );
  expect(page).toContain("- `fast`: 2 cores of A, 4 GB memory, Bun 1.4.5, commit abc1234.");
  expect(page).toContain("| seconds for a mile | 240 | 230 to 250 |");
});

test("what was not measured is said, and never looks like a pass", () => {
  const page = renderPage({ catalogue: [FAST, WIDE], reports: [], notes: "" });
  expect(page).toContain("| [`fast`](#fast) | run a mile | | | not measured yet |");
  expect(page).toContain("not measured: it needs a machine with 4 cores or more");
  expect(page).not.toContain("met,");
});

test("what people wrote survives: before the figures it is about, or as a section", () => {
  const page = renderPage({ catalogue: [FAST], reports: [REPORT], notes: NOTES });
  expect(page).toContain("## Method\n\nOne by one.\n");
  const told = "### fast\n\nRun a mile.\n\nThree ways tried.\n\n`bun run bench fast`";
  expect(page).toContain(told);
  expect(page).not.toContain("words to whoever edits");
});

test("figures that no one explained and reports of unknown benchmarks stay out", () => {
  const reports = [REPORT, { ...REPORT, name: "gone", commit: "fffffff" }];
  const page = renderPage({ catalogue: [FAST], reports, notes: "" });
  expect(page).not.toContain("inner");
  expect(page).not.toContain("fffffff");
});

test.each([
  [{ metric: "a", op: "==", bound: 0, value: 0, ok: true }, "met"],
  [{ metric: "a", op: "==", bound: 0, value: 3, ok: false }, "**missed**"],
  [{ metric: "a", op: "<=", bound: 2, value: 3, ok: false }, "**missed**, 1.5 × the bound"],
] as const)("the verdict of %j is %s", (bar, verdict) => {
  expect(formatVerdict(bar)).toBe(verdict);
});
