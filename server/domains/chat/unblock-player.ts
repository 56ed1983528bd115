import { and, eq } from "drizzle-orm";
import { chatBlocks } from "#shared/infra/db/schema/control.ts";
import type { BlockInput, BlockState } from "#shared/model/chat.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { tellStanding } from "./tell-message.ts";

/** Takes a block back; harmless when there is none. What was said meanwhile can be read then. */
export async function unblockPlayer(
  deps: Pick<ServerDeps, "database" | "bus">,
  { playerId }: Pick<Actor, "playerId">,
  { playerId: blockedId }: BlockInput,
): Promise<BlockState> {
  const which = and(eq(chatBlocks.playerId, playerId), eq(chatBlocks.blockedId, blockedId));
  await deps.database.orm.delete(chatBlocks).where(which);
  tellStanding(deps, playerId);
  return { blocked: false };
}
