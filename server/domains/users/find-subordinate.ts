import { eq } from "drizzle-orm";
import { players } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import { PLAYER_ROLES } from "#shared/model/players.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import type { PlayerRow } from "../players/index.ts";

/** A player whom the actor may punish: one with a lower role. */
export async function findSubordinate(
  { database }: Pick<ServerDeps, "database">,
  actor: Actor,
  playerId: PlayerId,
): Promise<PlayerRow> {
  const [row] = await database.orm.select().from(players).where(eq(players.id, playerId));
  if (row === undefined) {
    throw new AppError("NOT_FOUND", `cannot find player ${playerId}: there is none`);
  }
  if (PLAYER_ROLES.indexOf(row.role) >= PLAYER_ROLES.indexOf(actor.role)) {
    throw new AppError(
      "FORBIDDEN",
      `cannot act on this player: it has the role ${row.role}, and yours must be higher`,
    );
  }
  return row;
}
