// Benchmarks with bars: `bun run bench NAME`, `bun run bench --list`.
import { asksForHelp } from "#shared/infra/help.ts";
import { catalogue } from "./benchmarks/catalogue.ts";
import { listBenchmarks, runBench } from "./run/bench.ts";
import { BENCH_HELP, BenchOptionsError, readBenchOptions } from "./run/options.ts";

const words = process.argv.slice(2);
if (asksForHelp(words)) {
  for (const line of [BENCH_HELP, "", ...listBenchmarks(catalogue)]) console.log(line);
  process.exit(0);
}
try {
  process.exit(await runBench(readBenchOptions(words, catalogue), catalogue));
} catch (error) {
  if (!(error instanceof BenchOptionsError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}
