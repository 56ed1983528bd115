import { and, desc, eq, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { bans, players } from "#shared/infra/db/schema/control.ts";
import type { SearchUsersInput, UserPage } from "#shared/model/users.ts";
import type { ServerDeps } from "../../deps.ts";
import { isBannedNow } from "../auth/index.ts";
import { toUser } from "./user-row.ts";

/**
 * A page of players. Part of a name is looked for in every row from the newest on: a page of a rare
 * name costs a look at them all.
 */
export async function searchUsers(
  { database, clock }: Pick<ServerDeps, "database" | "clock">,
  { query, role, guest, banned, limit, cursor }: SearchUsersInput,
): Promise<UserPage> {
  const rows = await database.orm
    .select({ player: players, ban: bans })
    .from(players)
    .leftJoin(bans, and(eq(bans.playerId, players.id), isBannedNow(clock.wallMs())))
    .where(
      and(
        query === undefined ? undefined : isCalled(query),
        role && eq(players.role, role),
        guest === undefined ? undefined : eq(players.guest, guest),
        banned === undefined ? undefined : (banned ? isNotNull : isNull)(bans.playerId),
        cursor && lt(players.id, cursor),
      ),
    )
    .orderBy(desc(players.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    users: page.map(({ player, ban }) => toUser(player, ban)),
    nextCursor: last?.player.id ?? null,
  };
}

/** SQLite knows upper and lower case of a to z only. */
function isCalled(query: string): SQL | undefined {
  const text = query.toWellFormed();
  return or(
    sql`${players.id} = ${text.toLowerCase()}`,
    sql`instr(${players.usernameKey}, ${text.toLowerCase()}) > 0`,
    sql`instr(lower(${players.displayName}), lower(${text})) > 0`,
  );
}
