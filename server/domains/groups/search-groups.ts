import { and, asc, eq, gt, gte, lt } from "drizzle-orm";
import { groups } from "#shared/infra/db/schema/control.ts";
import type { GroupPage, SearchGroupsInput } from "#shared/model/groups.ts";
import { nameKeyOf } from "#shared/model/visible-name.ts";
import type { GroupDeps } from "./find-group.ts";
import { groupColumns, isOwner, isOwnerPlayer, owner, ownerPlayer, toGroup } from "./group-row.ts";

/** Behind all that begins in the same way. */
const LAST = "\u{10FFFF}";

/** A page of guilds whose names begin so: found by an index, whatever their number. */
export async function searchGroups(
  { database: { orm } }: Pick<GroupDeps, "database">,
  { query, limit, cursor }: SearchGroupsInput,
): Promise<GroupPage> {
  const begin = nameKeyOf(query.toWellFormed());
  const rows = await orm
    .select(groupColumns)
    .from(groups)
    .innerJoin(owner, isOwner)
    .innerJoin(ownerPlayer, isOwnerPlayer)
    .where(
      and(
        eq(groups.kind, "guild"),
        gte(groups.nameKey, begin),
        lt(groups.nameKey, `${begin}${LAST}`),
        cursor === undefined ? undefined : gt(groups.nameKey, cursor.toWellFormed()),
      ),
    )
    .orderBy(asc(groups.nameKey))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { groups: page.map(toGroup), nextCursor: last?.group.nameKey ?? null };
}
