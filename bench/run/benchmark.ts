import type { Bar } from "../report.ts";

/** What may be chosen for a run; each is a flag too: `measureSeconds` is `--measure-seconds`. */
export type Params = Readonly<Record<string, number>>;

/** Measured numbers by name; the unit is at the end of the name. */
export type Figures = Record<string, number>;

/** A bound as a benchmark states it, before anything is measured. */
export type BarRule = Omit<Bar, "value" | "ok">;

/** One run of a benchmark. */
export interface BenchmarkRun<P extends Params = Params> {
  readonly params: P;
  /** Tells whoever waits how far it is. */
  say(text: string): void;
  /** Where the process under test leaves its CPU profile; undefined when none is wanted. */
  readonly profileFolder: string | undefined;
}

/** One entry of the catalogue; `defineBenchmark` makes them. */
export interface Benchmark {
  readonly name: string;
  /** One line for the table: what is done. */
  readonly work: string;
  /** What each figure is, in words; figures that are not named here stay out of the page. */
  readonly meanings: Readonly<Record<string, string>>;
  /** Runs of which the median is told. */
  readonly runs: number;
  readonly params: Params;
  /** True when what is measured runs in the benchmark's own process, not in one it starts. */
  readonly inProcess: boolean;
  /** Cores below which the result would say nothing. */
  readonly coresMin: number;
  bars(params: Params): readonly BarRule[];
  measure(run: BenchmarkRun): Promise<Figures>;
}

interface Definition<P extends Params> extends Omit<Benchmark, "params" | "bars" | "measure"> {
  readonly params: P;
  readonly bars: (params: P) => readonly BarRule[];
  readonly measure: (run: BenchmarkRun<P>) => Promise<Figures>;
}

/** Lets a benchmark read its own params by name. */
export function defineBenchmark<P extends Params>(definition: Definition<P>): Benchmark {
  return {
    ...definition,
    bars: (params) => definition.bars({ ...definition.params, ...params }),
    measure: (run) => {
      return definition.measure({ ...run, params: { ...definition.params, ...run.params } });
    },
  };
}
