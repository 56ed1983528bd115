// Benchmarks with bars: `bun run bench NAME`, `bun run bench --list`.
import { catalogue } from "./benchmarks/catalogue.ts";
import { runBench } from "./run/bench.ts";
import { BenchOptionsError, readBenchOptions } from "./run/options.ts";

try {
  process.exit(await runBench(readBenchOptions(process.argv.slice(2), catalogue), catalogue));
} catch (error) {
  if (!(error instanceof BenchOptionsError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}
