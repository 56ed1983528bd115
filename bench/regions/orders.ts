import { z } from "zod";

/** How a region's process is started. */
export const RegionPlan = z.object({
  region: z.string(),
  /** All regions that have a key. */
  regions: z.array(z.string()),
  /** Of the broker, such as redis://127.0.0.1:6379. */
  bus: z.string(),
  batchCount: z.number(),
  flushMs: z.number(),
  compression: z.enum(["none", "zstd", "gzip"]),
  tickMs: z.number(),
  /** That all regions share. */
  secret: z.string().default("regions of an experiment"),
});
export type RegionPlan = z.input<typeof RegionPlan>;

/** What a region is told to do. */
export const RegionOrder = z.discriminatedUnion("order", [
  /** Writes blocks: x, y and value of each, one after the other. */
  z.object({ order: z.literal("write"), writes: z.array(z.number()) }),
  /** Writes that many other blocks in each tick, while so many at most wait to be told. */
  z.object({ order: z.literal("load"), perTick: z.number(), waitingMax: z.number() }),
  /** Sets its wall clock: so far from the truth, going faster by so many ms a second. */
  z.object({ order: z.literal("clock"), wrongMs: z.number(), driftMs: z.number() }),
  /** Asks how it is, and what is in cells: x and y of each. */
  z.object({ order: z.literal("ask"), question: z.number(), cells: z.array(z.number()) }),
]);
export type RegionOrder = z.infer<typeof RegionOrder>;

/** What a region says of itself. */
export const RegionState = z.object({
  question: z.number(),
  hash: z.string(),
  cells: z.number(),
  /** In the cells that were asked for; -1 where nobody wrote. */
  values: z.array(z.number()),
  sentCells: z.number(),
  sentBytes: z.number(),
  receivedCells: z.number(),
  receivedBatches: z.number(),
  refused: z.number(),
  refusedAhead: z.number(),
  conflicts: z.number(),
  comparisons: z.number(),
  waiting: z.number(),
  connected: z.boolean(),
  settled: z.number(),
  cpuSeconds: z.number(),
  /** Its own monotonic clock. */
  atMs: z.number(),
});
export type RegionState = z.infer<typeof RegionState>;

/** What a region's process says to whoever started it. */
export const RegionReport = z.union([z.object({ ready: z.literal(true) }), RegionState]);
