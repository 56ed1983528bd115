import type { Clock } from "#shared/time/clock.ts";
import type { BarRule, Figures, Params } from "../../run/benchmark.ts";

/** One run of an experiment. */
export interface ExperimentRun<P extends Params = Params> {
  readonly params: P;
  /** All that the run leaves to chance follows from it. */
  readonly seed: number;
  readonly clock: Clock;
  /** Tells whoever waits how far it is. */
  say(text: string): void;
}

/** One entry of the catalogue; `defineExperiment` makes them. */
export interface Experiment {
  readonly name: string;
  /** One line: what is done, and what must hold. */
  readonly work: string;
  readonly params: Params;
  bars(params: Params): readonly BarRule[];
  run(run: ExperimentRun): Promise<Figures>;
}

interface Definition<P extends Params> extends Omit<Experiment, "params" | "bars" | "run"> {
  readonly params: P;
  readonly bars: (params: P) => readonly BarRule[];
  readonly run: (run: ExperimentRun<P>) => Promise<Figures>;
}

/** Lets an experiment read its own params by name. */
export function defineExperiment<P extends Params>(definition: Definition<P>): Experiment {
  return {
    ...definition,
    bars: (params) => definition.bars({ ...definition.params, ...params }),
    run: (run) => definition.run({ ...run, params: { ...definition.params, ...run.params } }),
  };
}
