import type { Benchmark } from "../run/benchmark.ts";
import { codec } from "./codec.ts";
import { latency } from "./latency.ts";
import { shardCapacity } from "./shard-capacity.ts";
import { shardFloor } from "./shard-floor.ts";
import { sim } from "./sim.ts";

/** Every benchmark, in the order in which the page tells of them. */
export const catalogue: readonly Benchmark[] = [shardCapacity, shardFloor, latency, codec, sim];
