import { type SQL, sql } from "drizzle-orm";
import { groupOffers, groups } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import { OFFER_DAYS, OFFERS_OF_GROUP_MAX, OFFERS_OF_PLAYER_MAX } from "#shared/model/groups.ts";
import type { GroupId, PlayerId } from "#shared/model/ids.ts";
import type { GroupDeps } from "./find-group.ts";

const OFFER_MS = OFFER_DAYS * 24 * 60 * 60 * 1_000;
/** More than one for each that is written, so that it catches up after any pause. */
const FORGOTTEN_LENGTH_MAX = 16;

export interface NewOffer {
  readonly groupId: GroupId;
  readonly playerId: PlayerId;
  readonly byPlayerId: PlayerId;
  readonly kind: "invitation" | "request";
  /** NULL, or a word for what keeps the offer from being made. */
  readonly inTheWay: SQL;
}

/** Writes an offer unless there is one, and tells what the caller's condition found in the way. */
export async function writeOffer(
  { database: { orm }, clock }: GroupDeps,
  { groupId, playerId, byPlayerId, kind, inTheWay }: NewOffer,
): Promise<string | null> {
  const nowMs = Math.trunc(clock.wallMs());
  const waiting = (column: SQL, id: string) => sql`(SELECT count(*) FROM ${groupOffers} AS waiting
    WHERE ${column} = ${id} AND waiting.expires_at_ms > ${nowMs})`;
  const fault = sql`CASE
    WHEN (${inTheWay}) IS NOT NULL THEN (${inTheWay})
    WHEN EXISTS (SELECT 1 FROM ${groupOffers} AS there
      WHERE there.group_id = ${groupId} AND there.player_id = ${playerId}) THEN 'there'
    WHEN ${waiting(sql`waiting.group_id`, groupId)} >= ${OFFERS_OF_GROUP_MAX} THEN 'group-full'
    WHEN ${waiting(sql`waiting.player_id`, playerId)} >= ${OFFERS_OF_PLAYER_MAX} THEN 'player-full'
  END`;
  const [, [verdict]] = await orm.batch([
    orm.run(sql`DELETE FROM ${groupOffers} WHERE expires_at_ms <= ${nowMs} AND (
      (group_id = ${groupId} AND player_id = ${playerId}) OR rowid IN (
        SELECT rowid FROM ${groupOffers} ORDER BY expires_at_ms LIMIT ${FORGOTTEN_LENGTH_MAX}))`),
    orm.all<{ fault: string | null }>(sql`SELECT ${fault} AS fault`),
    orm.run(sql`INSERT INTO ${groupOffers}
        (group_id, player_id, kind, by_player_id, at_ms, expires_at_ms)
      SELECT id, ${playerId}, ${kind}, ${byPlayerId}, ${nowMs}, ${nowMs + OFFER_MS}
      FROM ${groups} WHERE id = ${groupId} AND (${fault}) IS NULL`),
  ]);
  const found = verdict?.fault ?? null;
  if (found === "group-full" || found === "player-full") throw tooMany(kind, found);
  return found === "there" ? null : found;
}

function tooMany(kind: NewOffer["kind"], full: "group-full" | "player-full"): AppError {
  const cannot = kind === "invitation" ? "cannot invite the player" : "cannot ask to be let in";
  const why =
    full === "group-full"
      ? `${OFFERS_OF_GROUP_MAX} invitations and requests of the group wait; cancel some first`
      : `${OFFERS_OF_PLAYER_MAX} invitations and requests of the player wait for an answer`;
  return new AppError("CONFLICT", `${cannot}: ${why}`);
}
