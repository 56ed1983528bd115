import { sql } from "drizzle-orm";
import { chatBlocks, players } from "#shared/infra/db/schema/control.ts";
import { BLOCKS_LENGTH_MAX, type BlockInput, type BlockState } from "#shared/model/chat.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { tellStanding } from "./tell-message.ts";

interface Found {
  readonly known: number;
  readonly blocked: number;
}

/** The caller sees nothing more of the other, and neither can write to the other. */
export async function blockPlayer(
  deps: Pick<ServerDeps, "database" | "clock" | "bus">,
  { playerId }: Pick<Actor, "playerId">,
  { playerId: blockedId }: BlockInput,
): Promise<BlockState> {
  if (blockedId === playerId) {
    throw new AppError("INVALID_INPUT", "cannot block the player: it is yourself");
  }
  const { orm } = deps.database;
  const own = sql`SELECT count(*) FROM ${chatBlocks} WHERE player_id = ${playerId}`;
  const known = sql`EXISTS (SELECT 1 FROM ${players} WHERE id = ${blockedId})`;
  const [, [found]] = await orm.batch([
    orm.run(sql`INSERT INTO ${chatBlocks} (player_id, blocked_id, at_ms)
      SELECT ${playerId}, ${blockedId}, ${Math.trunc(deps.clock.wallMs())}
      WHERE ${known} AND (${own}) < ${BLOCKS_LENGTH_MAX}
      ON CONFLICT DO NOTHING`),
    orm.all<Found>(sql`SELECT ${known} AS known, EXISTS (SELECT 1 FROM ${chatBlocks}
      WHERE player_id = ${playerId} AND blocked_id = ${blockedId}) AS blocked`),
  ]);
  if (found?.blocked === 1) {
    tellStanding(deps, playerId);
    return { blocked: true };
  }
  if (found?.known !== 1) {
    throw new AppError("NOT_FOUND", `cannot block player ${blockedId}: there is none`);
  }
  throw new AppError(
    "CONFLICT",
    `cannot block the player: you block ${BLOCKS_LENGTH_MAX} already; unblock some first`,
  );
}
