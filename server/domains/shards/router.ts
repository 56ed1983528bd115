import {
  BroadcastInput,
  DrainShardInput,
  ListShardsInput,
  ShardList,
  ShardsTold,
  StopShardInput,
} from "#shared/model/shards.ts";
import { protectedRest } from "../../rest-route.ts";
import { adminProcedure, moderatorProcedure, router } from "../../trpc.ts";
import { drainShard } from "./drain-shard.ts";
import { listShards } from "./list-shards.ts";
import { sendBroadcast } from "./send-broadcast.ts";
import { stopShard } from "./stop-shard.ts";

/** What staff may see of shards and ask of them. */
export const shardsRouter = router({
  list: moderatorProcedure
    .meta(protectedRest("GET", "/shards", "All shards, with those that are gone"))
    .input(ListShardsInput)
    .output(ShardList)
    .query(({ ctx, input }) => listShards(ctx.deps, input)),
  drain: adminProcedure
    .meta(protectedRest("PUT", "/shards/{shardKey}/drain", "Send no more players to a shard"))
    .input(DrainShardInput)
    .output(ShardsTold)
    .mutation(({ ctx, input }) => drainShard(ctx.deps, ctx.actor, input)),
  stop: adminProcedure
    .meta(protectedRest("POST", "/shards/{shardKey}/stop", "End a shard's process in order"))
    .input(StopShardInput)
    .output(ShardsTold)
    .mutation(({ ctx, input }) => stopShard(ctx.deps, ctx.actor, input)),
  broadcast: adminProcedure
    .meta(protectedRest("POST", "/shards/broadcast", "Say something to all players of shards"))
    .input(BroadcastInput)
    .output(ShardsTold)
    .mutation(({ ctx, input }) => sendBroadcast(ctx.deps, ctx.actor, input)),
});
