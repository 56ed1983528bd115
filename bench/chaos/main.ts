// Fault experiments with a verdict: `bun run chaos NAME --runs N --seed S`, `bun run chaos --list`.
import { systemClock } from "#shared/time/clock.ts";
import { catalogue } from "./experiments/catalogue.ts";
import { listExperiments, runChaos } from "./run/chaos.ts";
import { ChaosOptionsError, readChaosOptions } from "./run/options.ts";

try {
  const options = readChaosOptions(process.argv.slice(2), catalogue);
  if (options.experiment === undefined) {
    for (const line of listExperiments(catalogue)) console.log(line);
    process.exit(0);
  }
  const say = (text: string) => console.error(text);
  process.exit(await runChaos(options, { clock: systemClock, say, catalogue }));
} catch (error) {
  if (!(error instanceof ChaosOptionsError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}
