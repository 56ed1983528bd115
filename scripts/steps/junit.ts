// Reads how many tests ran from the report that `bun test` writes.

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Tests that were there and did not run. */
  readonly skipped: number;
}

/** The counts of a JUnit report, or undefined when it is none. */
export function readTestCounts(report: string): TestCounts | undefined {
  const head = /<testsuites\b[^>]*>/.exec(report)?.[0];
  if (head === undefined) return undefined;
  const tests = readNumber(head, "tests");
  const failures = readNumber(head, "failures");
  const skipped = readNumber(head, "skipped") ?? 0;
  if (tests === undefined || failures === undefined) return undefined;
  const failed = failures + (readNumber(head, "errors") ?? 0);
  return { passed: tests - failed - skipped, failed, skipped };
}

/**
 * What to tell in the end. A runner that fails without a failed test, or that ran none at all, is
 * a failure too: nothing was shown.
 */
export function judge(counts: TestCounts | undefined, exitCode: number): TestCounts {
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const isSound = exitCode === 0 ? passed > 0 || failed > 0 : failed > 0;
  return { passed, failed: isSound ? failed : failed + 1, skipped };
}

function readNumber(tag: string, name: string): number | undefined {
  const text = new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1];
  return text === undefined ? undefined : Number(text);
}
