import { describe, expect, test } from "bun:test";
import { judge, readTestCounts } from "./junit.ts";

const report = (attributes: string) =>
  `<?xml version="1.0"?>\n<testsuites name="bun test" ${attributes} time="1.2">\n</testsuites>`;

describe("readTestCounts", () => {
  test("takes the totals apart", () => {
    const text = report('tests="10" assertions="40" failures="2" skipped="1"');
    expect(readTestCounts(text)).toEqual({ passed: 7, failed: 2, skipped: 1 });
  });

  test.each(["", "<html>", report('assertions="1"')])("%p is no report", (text) => {
    expect(readTestCounts(text)).toBeUndefined();
  });
});

describe("judge", () => {
  const counts = (passed: number, failed: number) => ({ passed, failed, skipped: 0 });
  test.each([
    ["all passed", counts(5, 0), 0, counts(5, 0)],
    ["some failed", counts(5, 2), 1, counts(5, 2)],
    ["the runner crashed after good tests", counts(5, 0), 1, counts(5, 1)],
    ["the runner crashed before its report", undefined, 134, counts(0, 1)],
    ["no test ran", counts(0, 0), 0, counts(0, 1)],
  ])("%s", (_, given, exitCode, expected) => {
    expect(judge(given, exitCode)).toEqual(expected);
  });
});
