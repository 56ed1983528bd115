import { eq } from "drizzle-orm";
import { chatMutes } from "#shared/infra/db/schema/control.ts";
import type { Unmuted, UnmuteInput } from "#shared/model/chat.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findSubordinate } from "../users/index.ts";
import { tellStanding } from "./tell-message.ts";

/** Lets a player speak again. */
export async function unmutePlayer(
  deps: ServerDeps,
  actor: Actor,
  { playerId }: UnmuteInput,
): Promise<Unmuted> {
  await findSubordinate(deps, actor, playerId);
  const { orm } = deps.database;
  const [gone] = await deps.audit.write(
    { event: "chat.unmuted", actorId: actor.playerId, targetId: playerId },
    ({ insert }) =>
      orm.batch([orm.delete(chatMutes).where(eq(chatMutes.playerId, playerId)), insert()]),
  );
  tellStanding(deps, playerId);
  return { unmuted: gone.rowsAffected > 0 };
}
