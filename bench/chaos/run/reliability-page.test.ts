import { expect, test } from "bun:test";
import type { Report } from "../../report.ts";
import { defineExperiment } from "./experiment.ts";
import { describeConfidence, renderReliability } from "./reliability-page.ts";

const glass = defineExperiment({
  name: "glass",
  work: "drop it; it must not crack",
  params: {},
  bars: () => [],
  run: async () => ({}),
});

const report: Report = {
  name: "glass",
  commit: "abc1234",
  machine: { cores: 2, cpu: "A", memoryGB: 4, bun: "1.4.5" },
  params: { height: 3, seed: 7, runs: 2 },
  metrics: { runs: 2, failedRuns: 0, trials: 600, cracks: 0 },
  bars: [{ metric: "cracks", op: "==", bound: 0, value: 0, ok: true }],
};

test("a clean series tells n and the rate that it bounds", () => {
  expect(describeConfidence(report)).toBe(
    "n = 600: 0 failures bound the true rate by about 3/n = 0.5 % (95 % confidence)",
  );
});

test("the page has each experiment's verdict, command and figures", () => {
  const notes = "## What is meant\n\nWords.\n\n## glass\n\nOf the thick kind.\n";
  const page = renderReliability({ catalogue: [glass], reports: [report], notes });
  expect(page).toContain("## What is meant\n\nWords.");
  expect(page).toContain("| [`glass`](#glass) | drop it; it must not crack | n = 600:");
  expect(page).toContain("`bun run chaos glass --runs 2 --seed 7`: height 3.");
  expect(page).toContain("| cracks | 0 | = 0: met |");
  expect(page).toContain("Of the thick kind.");
});

test("a missed bar is told with its value, an experiment without a series as such", () => {
  const missed = { metric: "cracks", op: "==", bound: 0, value: 2, ok: false } as const;
  const bad = { ...report, metrics: { ...report.metrics, failedRuns: 1 }, bars: [missed] };
  expect(renderReliability({ catalogue: [glass], reports: [bad], notes: "" })).toContain(
    "n = 600: 1 of 2 runs failed | **missed**: cracks 2, wanted = 0 |",
  );
  const none = renderReliability({ catalogue: [glass], reports: [], notes: "" });
  expect(none).toContain("| | no long series yet |");
});
