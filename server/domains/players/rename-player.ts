import { eq } from "drizzle-orm";
import { TOPIC_PLAYERS } from "#shared/infra/bus/bus.ts";
import { players } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Player, RenamePlayerInput } from "#shared/model/players.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { prepareEventOfChange } from "../events/index.ts";
import { toPlayer } from "./player-row.ts";

/** Gives the caller another display name, and tells the worlds that it is in. */
export async function renamePlayer(
  deps: ServerDeps,
  actor: Actor,
  input: RenamePlayerInput,
): Promise<Player> {
  const { orm } = deps.database;
  const { playerId } = actor;
  const { displayName } = input;
  const [[row]] = await orm.batch([
    orm.update(players).set({ displayName }).where(eq(players.id, playerId)).returning(),
    prepareEventOfChange(deps, { type: "player.renamed", playerId, data: { displayName } }),
  ]);
  if (row === undefined) throw new AppError("NOT_FOUND", "cannot rename the player: there is none");
  const player = toPlayer(row);
  deps.bus.publish(TOPIC_PLAYERS, {
    case: "playerRenamed",
    value: { playerId: player.id, displayName: player.displayName },
  });
  return player;
}
