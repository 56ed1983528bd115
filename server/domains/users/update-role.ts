import { eq } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { players } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Player } from "#shared/model/players.ts";
import type { SetRoleInput } from "#shared/model/users.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { toPlayer } from "../players/index.ts";

/** Gives a player another role; the deployment keeps an administrator whoever asks for what. */
export async function updateRole(
  deps: ServerDeps,
  actor: Actor,
  { playerId, role, reason }: SetRoleInput,
): Promise<Player> {
  const { orm } = deps.database;
  const [before] = await orm.select().from(players).where(eq(players.id, playerId));
  if (before === undefined) {
    throw new AppError("NOT_FOUND", `cannot give a role to player ${playerId}: there is none`);
  }
  if (before.guest && role !== "player") {
    throw new AppError(
      "CONFLICT",
      `cannot make a guest ${role}: whoever has the device has the role; it must upgrade first`,
    );
  }
  const details = { before: before.role, after: role, reason };
  const change = orm.update(players).set({ role }).where(eq(players.id, playerId));
  try {
    await deps.audit.write(
      { event: "player.role-changed", actorId: actor.playerId, targetId: playerId, details },
      ({ insert }) => orm.batch([change, insert()]),
    );
  } catch (error) {
    if (!isConstraintError(error, "the last administrator")) throw error;
    throw new AppError(
      "CONFLICT",
      "cannot take the role away: this is the only administrator; make another one first",
    );
  }
  return toPlayer({ ...before, role });
}
