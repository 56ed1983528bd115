/** Shards as staff sees them, and what it may ask of them. */
import { z } from "zod";
import { RegionId, ShardKey, WorldId } from "./ids.ts";

/** Why staff does something: for the audit log. */
const Reason = z.string().trim().min(1, "must not be empty").max(200).meta({
  description: "For the audit log",
});

/** Control characters and marks that turn the writing direction. */
const UNSPEAKABLE = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

export const ListShardsInput = z.object({ worldId: WorldId.optional() });
export type ListShardsInput = z.infer<typeof ListShardsInput>;

/** A shard, with what is known of it at this moment. */
export const Shard = z
  .object({
    key: ShardKey,
    worldId: WorldId,
    region: RegionId,
    instance: z.number().int(),
    address: z.string(),
    phase: z
      .enum(["starting", "serving", "draining", "stopped", "silent"])
      .meta({ description: "`silent`: it ended or is cut off without a word" }),
    population: z.number().int(),
    capacity: z.number().int(),
    tickRate: z.number().int(),
    startedAt: z.iso.datetime(),
  })
  .meta({ id: "Shard" });
export type Shard = z.infer<typeof Shard>;

export const ShardList = z.object({ shards: z.array(Shard) });
export type ShardList = z.infer<typeof ShardList>;

export const DrainShardInput = z.object({
  shardKey: ShardKey,
  reason: Reason,
  draining: z.boolean().default(true).meta({ description: "false takes players in again" }),
});
export type DrainShardInput = z.infer<typeof DrainShardInput>;

export const StopShardInput = z.object({ shardKey: ShardKey, reason: Reason });
export type StopShardInput = z.infer<typeof StopShardInput>;

export const BroadcastInput = z.object({
  message: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(300)
    .refine((text) => !UNSPEAKABLE.test(text), "must not contain control characters"),
  shardKey: ShardKey.optional().meta({ description: "Without it all shards" }),
});
export type BroadcastInput = z.infer<typeof BroadcastInput>;

/** What shards answered to something that staff asked of them. */
export const ShardsTold = z
  .object({
    answers: z.array(
      z.object({
        shardKey: ShardKey,
        players: z.number().int().meta({ description: "There, whom it concerned" }),
      }),
    ),
    silent: z.array(ShardKey).meta({ description: "Those that did not answer within 3 s" }),
  })
  .meta({ id: "ShardsTold" });
export type ShardsTold = z.infer<typeof ShardsTold>;
