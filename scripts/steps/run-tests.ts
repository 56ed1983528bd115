// Runs the tests and tells truthfully how many passed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { ROOT } from "../bootstrap.ts";
import { ensureBrokers } from "./ensure-brokers.ts";
import { ensureChromium } from "./ensure-chromium.ts";
import { judge, readTestCounts } from "./junit.ts";

// Bun ignores a timeout in bunfig.toml. This one only ends tests that hang.
const TEST_TIMEOUT_MS = 60_000;

/** Runs `bun test` with `parameters` added and gives the exit code. */
export async function runTests(parameters: readonly string[]): Promise<number> {
  try {
    await ensureChromium();
    await ensureBrokers();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return conclude(0, 1);
  }
  using folder = createTempDir();
  const report = join(folder.path, "junit.xml");
  const exitCode = await runBunTest(report, parameters);
  const text = existsSync(report) ? readFileSync(report, "utf8") : "";
  const counts = readTestCounts(text);
  const { passed, failed, skipped } = judge(counts, exitCode);
  if (failed > (counts?.failed ?? 0)) explainUnsound(passed, exitCode);
  if (skipped > 0) console.log(`${skipped} tests were left out`);
  return conclude(passed, failed);
}

async function runBunTest(report: string, parameters: readonly string[]): Promise<number> {
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      `--timeout=${TEST_TIMEOUT_MS}`,
      // Files share nothing, so that what one leaves behind cannot make another pass or fail.
      "--isolate",
      "--reporter=junit",
      `--reporter-outfile=${report}`,
      ...parameters,
    ],
    { cwd: ROOT, env: testEnvironment(), stdio: ["ignore", "inherit", "inherit"] },
  );
  return await child.exited;
}

/** Tests decide about their settings themselves; only where the browser is comes from outside. */
function testEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === "TESSERA_CHROMIUM" || !name.startsWith("TESSERA_"),
  );
  return { ...Object.fromEntries(kept), NODE_ENV: "test" };
}

function explainUnsound(passed: number, exitCode: number): void {
  console.error(
    exitCode === 0 && passed === 0
      ? "cannot call this a success: no test ran; does the filter name a test file?"
      : `cannot call this a success: the test runner ended with code ${exitCode}, see above`,
  );
}

function conclude(passed: number, failed: number): number {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
