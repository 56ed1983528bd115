import type { Benchmark } from "../run/benchmark.ts";
import { api } from "./api.ts";
import { arenaClaims } from "./arena-claims.ts";
import { blocksCapacity } from "./blocks-capacity.ts";
import { codec } from "./codec.ts";
import { latency } from "./latency.ts";
import { logins } from "./logins.ts";
import { persist } from "./persist.ts";
import { regionSync } from "./region-sync.ts";
import { shardCapacity } from "./shard-capacity.ts";
import { shardCores } from "./shard-cores.ts";
import { shardFloor } from "./shard-floor.ts";
import { shardPeer } from "./shard-peer.ts";
import { sim } from "./sim.ts";

/** Every benchmark, in the order in which the page tells of them. */
export const catalogue: readonly Benchmark[] = [
  shardCapacity,
  blocksCapacity,
  shardCores,
  shardFloor,
  shardPeer,
  latency,
  arenaClaims,
  codec,
  sim,
  persist,
  regionSync,
  api,
  logins,
];
