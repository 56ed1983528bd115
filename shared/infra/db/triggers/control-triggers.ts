import { eventTriggers, NOW_MS, tell } from "./event-triggers.ts";
import { createTrigger, refuse, type Trigger } from "./trigger.ts";

const APPEND_ONLY = refuse("the audit log is append-only");

const guards: readonly Trigger[] = [
  { name: "audit_log_kept", on: "BEFORE DELETE ON audit_log", does: APPEND_ONLY },
  { name: "audit_log_unchanged", on: "BEFORE UPDATE ON audit_log", does: APPEND_ONLY },
  {
    name: "players_last_admin",
    on: "BEFORE UPDATE OF role ON players",
    when: `OLD.role = 'admin' AND NEW.role <> 'admin'
	AND (SELECT count(*) FROM players WHERE role = 'admin') = 1`,
    does: refuse("the last administrator stays one"),
  },
];

/** Whose rights or logins change, by what. */
const ACTOR_CHANGES = [
  ["session", "UPDATE OF player_id, second_factor, ended_at_ms ON sessions", "OLD.player_id"],
  ["session_gone", "DELETE ON sessions", "OLD.player_id"],
  ["player", "UPDATE OF role, display_name ON players", "OLD.id"],
  ["player_gone", "DELETE ON players", "OLD.id"],
  ["totp_begun", "INSERT ON totp_secrets", "NEW.player_id"],
  ["totp", "UPDATE OF confirmed_at_ms ON totp_secrets", "OLD.player_id"],
  ["totp_gone", "DELETE ON totp_secrets", "OLD.player_id"],
  ["ban", "INSERT ON bans", "NEW.player_id"],
  ["banned_anew", "UPDATE ON bans", "OLD.player_id"],
  ["ban_gone", "DELETE ON bans", "OLD.player_id"],
] as const;

const actorChanges: readonly Trigger[] = [
  ...ACTOR_CHANGES.map(([name, on, player]) => ({
    name: `actor_changes_${name}`,
    on: `AFTER ${on}`,
    does: `INSERT INTO actor_changes (player_id) VALUES (${player});`,
  })),
  {
    name: "actor_changes_kept",
    on: "AFTER INSERT ON actor_changes",
    does: "DELETE FROM actor_changes WHERE number <= NEW.number - 10000;",
  },
];

const NOBODY_LEFT = "NOT EXISTS (SELECT 1 FROM group_members WHERE group_id = OLD.group_id)";

const groups: readonly Trigger[] = [
  {
    name: "groups_succession",
    on: "AFTER DELETE ON group_members",
    when: "OLD.role = 'owner' AND EXISTS (SELECT 1 FROM groups WHERE id = OLD.group_id)",
    does: `UPDATE group_members SET role = 'owner',
		role_since_ms = ${NOW_MS}
	WHERE group_id = OLD.group_id AND player_id = (
		SELECT player_id FROM group_members WHERE group_id = OLD.group_id
		ORDER BY role = 'officer' DESC, role_since_ms, joined_at_ms, player_id LIMIT 1);
	${tell("group.disbanded", {
    at: NOW_MS,
    of: { player_id: "OLD.player_id" },
    data: { groupId: "id", kind: "kind", name: "name", byPlayerId: "''" },
    from: `FROM groups WHERE id = OLD.group_id AND ${NOBODY_LEFT}`,
  })}
	DELETE FROM groups WHERE id = OLD.group_id AND ${NOBODY_LEFT};`,
  },
  {
    name: "groups_messages_gone",
    on: "AFTER DELETE ON groups",
    does: "DELETE FROM chat_messages WHERE room = OLD.kind || ':' || OLD.id;",
  },
];

/** Statements that the control database has beside its tables. */
export const controlTriggers: readonly string[] = [
  ...guards,
  ...eventTriggers,
  ...actorChanges,
  ...groups,
].map(createTrigger);
