import type { Benchmark } from "../run/benchmark.ts";
import { codec } from "./codec.ts";
import { sim } from "./sim.ts";

/** Every benchmark, in the order in which the page tells of them. */
export const catalogue: readonly Benchmark[] = [codec, sim];
