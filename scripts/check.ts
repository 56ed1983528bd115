// `bun run check`: everything that must hold before a commit, the same for people and CI.
import { bootstrap } from "./bootstrap.ts";

await bootstrap();
const { runTool } = await import("./steps/tool.ts");
const { findStaleFiles } = await import("./steps/generated.ts");
const { runTests } = await import("./steps/run-tests.ts");

interface Step {
  readonly name: string;
  run(): Promise<boolean>;
  /** What to do when it fails. */
  readonly fix: string;
}

const steps: readonly Step[] = [
  {
    name: "format and lint",
    run: () => runTool("biome", ["ci", "--error-on-warnings", "."]),
    fix: "run `bun run format`, then mend what it cannot",
  },
  {
    name: "types",
    run: () => runTool("tsc", ["--noEmit"]),
    fix: "mend the errors above",
  },
  {
    name: "wire contract",
    run: () => runTool("buf", ["lint", "proto"]),
    fix: "mend the .proto files named above",
  },
  {
    name: "generated code",
    async run() {
      const stale = await findStaleFiles();
      for (const name of stale) console.error(`not current: ${name}`);
      return stale.length === 0;
    },
    fix: "run `bun run generate` and commit what it writes",
  },
];

for (const { name, run, fix } of steps) {
  const startMs = performance.now();
  const isGood = await run();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${isGood ? "✓" : "✗"} ${name} (${seconds} s)`);
  if (!isGood) {
    console.error(`cannot pass the check: ${name} failed; ${fix}`);
    // The same last line as after tests, for whoever reads only that.
    console.log("0 passed, 1 failed");
    process.exit(1);
  }
}
// The rules of the house (tidy) are tests among the others.
process.exit(await runTests([]));
