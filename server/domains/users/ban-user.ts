import { eq } from "drizzle-orm";
import { bans, sessions } from "#shared/infra/db/schema/control.ts";
import type { BanInput, Banned } from "#shared/model/users.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { prepareEnds, tellEnds } from "../auth/index.ts";
import { findSubordinate } from "./find-subordinate.ts";

/** Ends all logins of a player and, with them, its game sessions in every region; a later ban
 * takes the place of an earlier one. */
export async function banUser(
  deps: ServerDeps,
  actor: Actor,
  { playerId, reason, seconds }: BanInput,
): Promise<Banned> {
  await findSubordinate(deps, actor, playerId);
  const { orm } = deps.database;
  const nowMs = Math.trunc(deps.clock.wallMs());
  const endsAtMs = seconds === undefined ? null : nowMs + seconds * 1_000;
  const ban = { reason, byPlayerId: actor.playerId, bannedAtMs: nowMs, endsAtMs };
  const plan = { which: eq(sessions.playerId, playerId), reason: "banned", nowMs } as const;
  const [inserts, update] = prepareEnds(deps.database, plan);
  const details = { reason, seconds: seconds ?? null };
  const [, , ended] = await deps.audit.write(
    { event: "player.banned", actorId: actor.playerId, targetId: playerId, details },
    ({ insert }) =>
      orm.batch([
        orm
          .insert(bans)
          .values({ playerId, ...ban })
          .onConflictDoUpdate({ target: bans.playerId, set: ban }),
        inserts,
        update,
        insert(),
      ]),
  );
  tellEnds(deps, ended, "banned");
  return { banned: true, endsAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString() };
}
