/** Identifiers as branded strings: parsed at the edge, trusted inside. */
import { z } from "zod";

/** A player: UUID version 7. */
export const PlayerId = z.uuidv7("must be a player id (UUID version 7)").brand<"PlayerId">();
export type PlayerId = z.infer<typeof PlayerId>;

/** One login of a player: UUID version 7. All its refresh tokens form one family. */
export const SessionId = z.uuidv7("must be a session id (UUID version 7)").brand<"SessionId">();
export type SessionId = z.infer<typeof SessionId>;

/** A team or guild: UUID version 7. */
export const GroupId = z.uuidv7("must be a group id (UUID version 7)").brand<"GroupId">();
export type GroupId = z.infer<typeof GroupId>;

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const NAME_RULE = "must be 1 to 32 of a-z, 0-9 and -, starting with a letter";

/** A world, e.g. `arena`. */
export const WorldId = z.string().regex(NAME, NAME_RULE).brand<"WorldId">();
export type WorldId = z.infer<typeof WorldId>;

/** A region, e.g. `eu-west-1`. */
export const RegionId = z.string().regex(NAME, NAME_RULE).brand<"RegionId">();
export type RegionId = z.infer<typeof RegionId>;

/** `worldId:instance:region`, e.g. `arena:1:eu-west-1`. */
export const ShardKey = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}:[1-9][0-9]{0,3}:[a-z][a-z0-9-]{0,31}$/,
    "must be worldId:instance:region, e.g. arena:1:eu-west-1",
  )
  .brand<"ShardKey">();
export type ShardKey = z.infer<typeof ShardKey>;

/** Names one instance of a world in a region; instances count from 1. */
export function formatShardKey(world: WorldId, instance: number, region: RegionId): ShardKey {
  return ShardKey.parse(`${world}:${instance}:${region}`);
}
