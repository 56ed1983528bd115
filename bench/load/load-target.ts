import { BLOCKS_PARAMETERS } from "#shared/sim/index.ts";
import { CHUNK_SIDE } from "#shared/sim/worlds/blocks/constants.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Admission } from "./admission.ts";
import { type BareShard, startBareShard } from "./bare-shard.ts";
import { type LoadOptions, PLAYERS_MAX } from "./options.ts";
import { describeRaisedLimits } from "./raised-limits.ts";
import { ServerAdmission } from "./server-admission.ts";

/** What is put under load. */
export interface LoadTarget extends AsyncDisposable {
  readonly admission: Admission;
  /** Only when the load test has started it. */
  readonly shard: BareShard | undefined;
  /** For people: where the load goes, and what was changed for it. */
  readonly description: readonly string[];
}

/** Blocks from the middle of the land to its side. */
const LAND_HALF = (BLOCKS_PARAMETERS.columns * CHUNK_SIDE) / 2;

/** A running deployment when one is named, else a shard of its own. */
export async function openTarget(options: LoadOptions, clock: Clock): Promise<LoadTarget> {
  return options.url === undefined
    ? openOwnShard(options, clock)
    : openServer(options.url, options.world);
}

async function openOwnShard(options: LoadOptions, clock: Clock): Promise<LoadTarget> {
  const spawnBlocks = spawnBlocksOf(options);
  const shard = await startBareShard({
    clock,
    world: options.world,
    players: options.findLimit ? PLAYERS_MAX : options.players,
    legacyWire: options.legacy ? "events" : undefined,
    spawnBlocks,
  });
  return {
    admission: shard.admission,
    shard,
    description: [
      `A shard of its own at ${shard.address}, process ${shard.pid}, data in ${shard.folder}.`,
      `${describeRaisedLimits(shard)}.`,
      ...(spawnBlocks === undefined
        ? []
        : [`Players come to be anywhere in the land: TESSERA_BLOCKS_SPAWN=${spawnBlocks}.`]),
    ],
    [Symbol.asyncDispose]: () => shard.stop(),
  };
}

/** A spread crowd has all of the land: one that comes as players do would be in one window. */
function spawnBlocksOf({ world, crowd }: LoadOptions): number | undefined {
  return world === "blocks" && crowd === "spread" ? LAND_HALF : undefined;
}

async function openServer(url: string, world: string): Promise<LoadTarget> {
  const response = await fetch(new URL("/health", url)).catch((cause: unknown) => {
    throw new Error(`cannot run load test: there is no server at ${url}`, { cause });
  });
  if (!response.ok) {
    throw new Error(`cannot run load test: ${url}/health answers ${response.status}`);
  }
  return {
    admission: new ServerAdmission({ url, world }),
    shard: undefined,
    description: [
      `The world ${world} of ${url}; each player is a guest and asks worlds.join for a ticket.`,
      "Nothing is raised there. For many players from one address its shards need " +
        "TESSERA_CONNECTIONS_PER_IP at their number (20 by default); guests are limited to one a " +
        "second except from the server's own machine.",
    ],
    [Symbol.asyncDispose]: async () => undefined,
  };
}
