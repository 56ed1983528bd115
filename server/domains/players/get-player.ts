import { eq } from "drizzle-orm";
import { players } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Player } from "#shared/model/players.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { toPlayer } from "./player-row.ts";

/** The caller. */
export async function getPlayer(deps: ServerDeps, actor: Actor): Promise<Player> {
  const [row] = await deps.database.orm
    .select()
    .from(players)
    .where(eq(players.id, actor.playerId));
  if (row === undefined) throw new AppError("NOT_FOUND", "cannot get the player: there is none");
  return toPlayer(row);
}
