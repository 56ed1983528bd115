import type { Clock } from "#shared/time/clock.ts";
import {
  createReport,
  exitCodeOf,
  formatFigure,
  publishReport,
  type Report,
} from "../../report.ts";
import type { BarRule, Figures, Params } from "../../run/benchmark.ts";
import { flagOf } from "../../run/options.ts";
import type { Experiment } from "./experiment.ts";
import type { ChaosOptions } from "./options.ts";
import { describeConfidence } from "./reliability-page.ts";
import { saveResult, writePage } from "./results.ts";
import { isMet, mergeWorst } from "./worst.ts";

export interface ChaosDeps {
  readonly clock: Clock;
  /** Progress, and what a failed run needs to be repeated. */
  readonly say: (text: string) => void;
}

/** Does what was asked and gives the exit code: 1 when a bar was missed. */
export async function runChaos(
  options: ChaosOptions,
  deps: ChaosDeps & { readonly catalogue: readonly Experiment[] },
): Promise<number> {
  const { experiment } = options;
  if (experiment === undefined) throw new Error("cannot run experiment: none was chosen");
  const report = await repeat({ ...options, experiment }, deps);
  await publishReport(report, options.jsonFile);
  console.log(`  ${describeConfidence(report)}`);
  if (options.report) {
    await saveResult(report);
    console.log(`written: ${await writePage(deps.catalogue)}`);
  }
  return exitCodeOf(report);
}

/** What there is, for people. */
export function listExperiments(catalogue: readonly Experiment[]): string[] {
  const width = Math.max(...catalogue.map(({ name }) => name.length));
  const lines = catalogue.flatMap(({ name, work, params }) => {
    const flags = Object.entries(params).map(([param, value]) => `${flagOf(param)} ${value}`);
    return [`${name.padEnd(width)}  ${work}`, `${" ".repeat(width)}  ${flags.join(" ")}`];
  });
  return ["experiments, with what may be changed:", ...lines];
}

type Chosen = ChaosOptions & { readonly experiment: Experiment };

/** Runs the experiment as often as was asked for, a seed each, and judges the worst of it. */
export async function repeat(chosen: Chosen, { clock, say }: ChaosDeps): Promise<Report> {
  const { experiment, runs } = chosen;
  const params = { ...experiment.params, ...chosen.params };
  const bars = experiment.bars(params);
  const figures: Figures[] = [];
  let failedRuns = 0;
  for (let index = 0; index < runs; index += 1) {
    const seed = chosen.seed + index;
    say(`${experiment.name}, run ${index + 1} of ${runs}, seed ${seed}`);
    const run = await attempt(chosen, { params, seed, clock, say: (text) => say(`  ${text}`) });
    const missed = bars.filter((bar) => !isMet(bar, run));
    if (missed.length > 0) {
      failedRuns += 1;
      for (const line of describeFailure({ chosen, seed, missed, run })) say(line);
    }
    figures.push(run);
  }
  const metrics = { runs, failedRuns, ...mergeWorst(figures, bars) };
  return createReport({
    name: experiment.name,
    params: { ...params, seed: chosen.seed, runs },
    metrics,
    bars: [...bars, { metric: "failedRuns", op: "==", bound: 0 }],
  });
}

/** A run that breaks down has no figures, but its seed is worth as much. */
async function attempt(
  chosen: Chosen,
  run: { params: Params; seed: number; clock: Clock; say: (text: string) => void },
): Promise<Figures> {
  try {
    return await chosen.experiment.run(run);
  } catch (cause) {
    throw new Error(`cannot finish ${reproOf(chosen, run.seed)}`, { cause });
  }
}

function describeFailure(failure: {
  chosen: Chosen;
  seed: number;
  missed: readonly BarRule[];
  run: Figures;
}): string[] {
  const { chosen, seed, missed, run } = failure;
  return [
    ...missed.map(({ metric, op, bound }) => {
      const value = formatFigure(run[metric] ?? Number.NaN);
      return `  MISSED with seed ${seed}: ${metric} ${value}, wanted ${op} ${formatFigure(bound)}`;
    }),
    `  again: ${reproOf(chosen, seed)}`,
  ];
}

/** One line that does a run again. */
function reproOf({ experiment, params }: Chosen, seed: number): string {
  const flags = Object.entries(params).map(([param, value]) => ` ${flagOf(param)} ${value}`);
  return `bun run chaos ${experiment.name} --runs 1 --seed ${seed}${flags.join("")}`;
}
