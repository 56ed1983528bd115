import { asc, eq } from "drizzle-orm";
import { chatBlocks, players } from "#shared/infra/db/schema/control.ts";
import { BLOCKS_LENGTH_MAX, type BlockList } from "#shared/model/chat.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";

/** All whom the caller blocks. */
export async function listBlocks(
  { database: { orm } }: Pick<ServerDeps, "database">,
  { playerId }: Pick<Actor, "playerId">,
): Promise<BlockList> {
  const rows = await orm
    .select({
      playerId: chatBlocks.blockedId,
      displayName: players.displayName,
      atMs: chatBlocks.atMs,
    })
    .from(chatBlocks)
    .innerJoin(players, eq(players.id, chatBlocks.blockedId))
    .where(eq(chatBlocks.playerId, playerId))
    .orderBy(asc(chatBlocks.blockedId))
    .limit(BLOCKS_LENGTH_MAX);
  return {
    players: rows.map(({ atMs, ...row }) => ({ ...row, since: new Date(atMs).toISOString() })),
  };
}
