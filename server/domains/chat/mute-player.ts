import { chatMutes } from "#shared/infra/db/schema/control.ts";
import type { Muted, MuteInput } from "#shared/model/chat.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findSubordinate } from "../users/index.ts";
import { tellStanding } from "./tell-message.ts";

/** Lets a player read but not speak; a later mute takes the place of an earlier one. */
export async function mutePlayer(
  deps: ServerDeps,
  actor: Actor,
  { playerId, reason, seconds }: MuteInput,
): Promise<Muted> {
  await findSubordinate(deps, actor, playerId);
  const { orm } = deps.database;
  const mutedAtMs = Math.trunc(deps.clock.wallMs());
  const endsAtMs = seconds === undefined ? null : mutedAtMs + seconds * 1_000;
  const mute = { reason, byPlayerId: actor.playerId, mutedAtMs, endsAtMs };
  const details = { reason, seconds: seconds ?? null };
  await deps.audit.write(
    { event: "chat.muted", actorId: actor.playerId, targetId: playerId, details },
    ({ insert }) =>
      orm.batch([
        orm
          .insert(chatMutes)
          .values({ playerId, ...mute })
          .onConflictDoUpdate({ target: chatMutes.playerId, set: mute }),
        insert(),
      ]),
  );
  tellStanding(deps, playerId);
  return { muted: true, endsAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString() };
}
