import { eq } from "drizzle-orm";
import { players } from "#shared/infra/db/schema/control.ts";
import type { Player } from "#shared/model/players.ts";
import type { ControlDatabase } from "../../deps.ts";

export type PlayerRow = typeof players.$inferSelect;

/** What may be shown of a row. */
export function toPlayer(row: PlayerRow): Player {
  return {
    id: row.id,
    username: row.username,
    displayName: row.displayName,
    role: row.role,
    guest: row.guest,
    createdAt: new Date(row.createdAtMs).toISOString(),
  };
}

/** The account of that name, whatever the case. */
export async function findPlayerByUsername(
  database: ControlDatabase,
  username: string,
): Promise<PlayerRow | undefined> {
  const [row] = await database.orm
    .select()
    .from(players)
    .where(eq(players.usernameKey, username.toLowerCase()));
  return row;
}
