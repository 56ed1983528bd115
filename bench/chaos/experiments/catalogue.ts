import type { Experiment } from "../run/experiment.ts";
import { bus } from "./bus.ts";
import { clock } from "./clock.ts";
import { damage } from "./damage.ts";
import { diskFull } from "./disk-full.ts";
import { failover } from "./failover.ts";
import { flood } from "./flood.ts";
import { gate } from "./gate.ts";
import { kill } from "./kill.ts";
import { killBlocks } from "./kill-blocks.ts";
import { partition } from "./partition.ts";
import { power } from "./power.ts";
import { presence } from "./presence.ts";
import { slow } from "./slow.ts";
import { slowDisk } from "./slow-disk.ts";

/** All experiments, in the order in which they are listed. */
export const catalogue: readonly Experiment[] = [
  kill,
  killBlocks,
  power,
  damage,
  gate,
  slowDisk,
  diskFull,
  failover,
  partition,
  clock,
  bus,
  presence,
  flood,
  slow,
];
