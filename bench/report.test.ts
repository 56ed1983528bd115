import { expect, test } from "bun:test";
import { createReport, exitCodeOf, formatFigure } from "./report.ts";

const RUN = { name: "x", params: { players: 2 }, metrics: { speed: 5, ratio: 1.2345 } };

test("a report judges its bars and says where it was made", () => {
  const report = createReport({
    ...RUN,
    bars: [
      { metric: "speed", op: ">=", bound: 5 },
      { metric: "ratio", op: "<=", bound: 1.2 },
    ],
  });
  expect(report.bars.map(({ ok, value }) => ({ ok, value }))).toEqual([
    { ok: true, value: 5 },
    { ok: false, value: 1.2345 },
  ]);
  expect(exitCodeOf(report)).toBe(1);
  expect(report.machine.cores).toBeGreaterThan(0);
  expect(report.commit).toMatch(/^[0-9a-f]{7,}\+?$|^unknown$/);
});

test("a bar on something that was not measured is an error, not a pass", () => {
  const bars = [{ metric: "missing", op: "<=", bound: 1 }] as const;
  expect(() => createReport({ ...RUN, bars })).toThrow("cannot judge missing");
});

test.each([
  [12_345, "12,345"],
  [1_234.5, "1,235"],
  [1.23456, "1.23"],
  [0, "0"],
])("%p reads %p", (value, text) => {
  expect(formatFigure(value)).toBe(text);
});
