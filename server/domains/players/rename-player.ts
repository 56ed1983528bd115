import { eq } from "drizzle-orm";
import { players } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Player, RenamePlayerInput } from "#shared/model/players.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { toPlayer } from "./player-row.ts";

/** Gives the caller another display name; a world shows it from the next join on. */
export async function renamePlayer(
  deps: ServerDeps,
  actor: Actor,
  input: RenamePlayerInput,
): Promise<Player> {
  const [row] = await deps.database.orm
    .update(players)
    .set({ displayName: input.displayName })
    .where(eq(players.id, actor.playerId))
    .returning();
  if (row === undefined) throw new AppError("NOT_FOUND", "cannot rename the player: there is none");
  return toPlayer(row);
}
