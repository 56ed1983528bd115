import { and, eq, isNull } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { players } from "#shared/infra/db/schema/control.ts";
import type { UpgradeInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Player } from "#shared/model/players.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findPlayerByUsername, toPlayer } from "../players/index.ts";
import { usernameTaken } from "./register-player.ts";

/**
 * Gives a player a username and a password. It stays the same player in every respect: its id, and
 * with it all that any world keeps of it, its logins and its devices.
 */
export async function upgradeGuest(
  deps: ServerDeps,
  { actor, caller }: { actor: Actor; caller: Caller },
  { username, password }: UpgradeInput,
): Promise<Player> {
  deps.attempts.take(caller.address);
  const { orm } = deps.database;
  const isMe = eq(players.id, actor.playerId);
  const [before] = await orm.select().from(players).where(isMe);
  if (before?.username !== null) throw upgradedBefore();
  if ((await findPlayerByUsername(deps.database, username)) !== undefined) {
    throw usernameTaken(username);
  }
  const passwordHash = await deps.passwords.hash(password);
  const account = { username, usernameKey: username.toLowerCase(), passwordHash, guest: false };
  try {
    const [row] = await orm
      .update(players)
      .set(account)
      .where(and(isMe, isNull(players.username)))
      .returning();
    if (row === undefined) throw upgradedBefore();
    deps.metrics.logins.inc({ kind: "upgrade", result: "ok" });
    return toPlayer(row);
  } catch (error) {
    if (isConstraintError(error, "username_key")) throw usernameTaken(username);
    throw error;
  }
}

function upgradedBefore(): AppError {
  return new AppError("CONFLICT", "cannot upgrade: the player has a username and password already");
}
