import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type { GroupAdmission, GroupKind, GroupRole } from "#shared/model/groups.ts";
import type { GroupId, PlayerId } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/**
 * Teams and guilds. One without members is none: triggers give a group whose owner goes to another
 * member, and delete it with its messages when there is no other.
 */
export const groups = sqliteTable(
  "groups",
  {
    id: text("id").$type<GroupId>().primaryKey(),
    kind: text("kind").$type<GroupKind>().notNull(),
    name: text("name").notNull(),
    /** What makes a guild's name unique; null for teams. */
    nameKey: text("name_key"),
    description: text("description").notNull(),
    admission: text("admission").$type<GroupAdmission>().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("groups_name_key").on(table.nameKey),
    check(
      "groups_kind",
      sql`${table.kind} IN ('team', 'guild')
        AND (${table.kind} = 'guild') = (${table.nameKey} IS NOT NULL)`,
    ),
    check("groups_name", sql`length(${table.name}) BETWEEN 3 AND 64`),
    check("groups_description", sql`length(${table.description}) <= 2000`),
    check("groups_admission", sql`${table.admission} IN ('open', 'request', 'invitation')`),
    check("groups_created_at", sql`${table.createdAtMs} > 0`),
  ],
);

/** Who is in a group. */
export const groupMembers = sqliteTable(
  "group_members",
  {
    groupId: text("group_id")
      .$type<GroupId>()
      .notNull()
      .references(() => groups.id, { onDelete: "cascade" }),
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    role: text("role").$type<GroupRole>().notNull(),
    roleSinceMs: integer("role_since_ms").notNull(),
    joinedAtMs: integer("joined_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.playerId] }),
    index("group_members_player").on(table.playerId),
    uniqueIndex("group_members_owner").on(table.groupId).where(sql`role = 'owner'`),
    check("group_members_role", sql`${table.role} IN ('owner', 'officer', 'member')`),
    check("group_members_times", sql`${table.joinedAtMs} > 0 AND ${table.roleSinceMs} > 0`),
  ],
);

/** Who may become a member: a group asks a player (invitation), or a player a group (request). */
export const groupOffers = sqliteTable(
  "group_offers",
  {
    groupId: text("group_id")
      .$type<GroupId>()
      .notNull()
      .references(() => groups.id, { onDelete: "cascade" }),
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    kind: text("kind").$type<"invitation" | "request">().notNull(),
    /** Who invited; the player itself in a request. Not a reference: an offer is the group's. */
    byPlayerId: text("by_player_id").$type<PlayerId>().notNull(),
    atMs: integer("at_ms").notNull(),
    /** One whose end has passed does nothing, and goes with a later one. */
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.playerId] }),
    index("group_offers_player").on(table.playerId),
    index("group_offers_expires").on(table.expiresAtMs),
    check("group_offers_kind", sql`${table.kind} IN ('invitation', 'request')`),
    check("group_offers_times", sql`0 < ${table.atMs} AND ${table.atMs} < ${table.expiresAtMs}`),
  ],
);
