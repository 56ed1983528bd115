// Fault experiments with a verdict: `bun run chaos NAME --runs N --seed S`, `bun run chaos --list`.
import { asksForHelp } from "#shared/infra/help.ts";
import { systemClock } from "#shared/time/clock.ts";
import { catalogue } from "./experiments/catalogue.ts";
import { listExperiments, runChaos } from "./run/chaos.ts";
import { CHAOS_HELP, ChaosOptionsError, readChaosOptions } from "./run/options.ts";

// The end of the process is what ends all that an experiment started.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));
const words = process.argv.slice(2);
if (asksForHelp(words)) {
  for (const line of [CHAOS_HELP, "", ...listExperiments(catalogue)]) console.log(line);
  process.exit(0);
}
try {
  const options = readChaosOptions(words, catalogue);
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
