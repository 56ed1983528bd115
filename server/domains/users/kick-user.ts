import type { ShardsTold } from "#shared/model/shards.ts";
import type { KickInput } from "#shared/model/users.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { prepareEvent } from "../events/index.ts";
import { tellShards } from "../shards/index.ts";
import { findSubordinate } from "./find-subordinate.ts";

/** Ends a player's game sessions on all shards; its logins live, and it may come back. */
export async function kickUser(
  deps: ServerDeps,
  actor: Actor,
  { playerId, reason }: KickInput,
): Promise<ShardsTold> {
  await findSubordinate(deps, actor, playerId);
  const byPlayerId = actor.playerId;
  await deps.audit.write(
    {
      event: "player.kicked",
      actorId: actor.playerId,
      targetId: playerId,
      details: { reason },
    },
    ({ insert }) =>
      deps.database.orm.batch([
        prepareEvent(deps, { type: "player.kicked", playerId, data: { reason, byPlayerId } }),
        insert(),
      ]),
  );
  const keys = deps.shards.list().map(({ key }) => key);
  const told = `You were sent away: ${reason}`;
  const { answers, silent } = await tellShards(deps, keys, {
    case: "kick",
    value: { playerId, reason: told },
  });
  return { answers: answers.filter(({ players }) => players > 0), silent };
}
