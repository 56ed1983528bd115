// The events whose cause is a row: they are written in the transaction of their cause, whoever
// wrote that.

import type { Trigger } from "./trigger.ts";

/** SQL by the name of a column, or of a field of an event's data. */
type Values = Readonly<Record<string, string>>;

interface Told {
  /** When it happened. */
  readonly at: string;
  /** Columns of the event beside type, time and data. */
  readonly of?: Values;
  readonly data: Values;
  /** Where the values come from, unless it is the row alone. */
  readonly from?: string;
}

const PLAYER = { player_id: "NEW.player_id" };
/** The time by the database's clock. */
export const NOW_MS = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

/** What follows the first and the second colon of a shard's key. */
const INSTANCE_AND_REGION = "substr(NEW.shard_key, instr(NEW.shard_key, ':') + 1)";
const OF_LEASE = {
  shard_key: "NEW.shard_key",
  world_id: "substr(NEW.shard_key, 1, instr(NEW.shard_key, ':') - 1)",
  region: `substr(${INSTANCE_AND_REGION}, instr(${INSTANCE_AND_REGION}, ':') + 1)`,
};

const IN_GROUP = "FROM groups WHERE id = NEW.group_id";
const GROUP = { groupId: "id", kind: "kind", name: "name" };

const LEASE_GRANTED = tell("lease.granted", {
  at: "NEW.granted_at_ms",
  of: OF_LEASE,
  data: {
    epoch: "NEW.epoch",
    holder: "coalesce(NEW.holder, '')",
    address: "NEW.address",
    ticksLost: "NEW.ticks_lost",
  },
});

const SHARD_CHANGED = tell("shard.changed", {
  at: "NEW.seen_at_ms",
  of: { shard_key: "NEW.key", world_id: "NEW.world_id", region: "NEW.region_id" },
  data: { phase: "NEW.phase", address: "NEW.address", capacity: "NEW.capacity" },
});

const players: readonly Trigger[] = [
  {
    name: "events_player_registered",
    on: "AFTER INSERT ON players",
    does: tell("player.registered", {
      at: "NEW.created_at_ms",
      of: { player_id: "NEW.id" },
      data: {
        displayName: "NEW.display_name",
        guest: "json(iif(NEW.guest, 'true', 'false'))",
      },
    }),
  },
  {
    name: "events_player_logged_in",
    on: "AFTER INSERT ON sessions",
    does: tell("player.logged_in", {
      at: "NEW.created_at_ms",
      of: PLAYER,
      data: { sessionId: "NEW.id" },
    }),
  },
  {
    name: "events_player_logged_out",
    on: "AFTER INSERT ON session_ends",
    does: tell("player.logged_out", {
      at: "NEW.ended_at_ms",
      of: PLAYER,
      data: { sessionId: "NEW.session_id", reason: "NEW.reason" },
    }),
  },
  ...measureOf("banned", "bans"),
  ...measureOf("muted", "chat_mutes"),
];

const shards: readonly Trigger[] = [
  { name: "events_lease_first", on: "AFTER INSERT ON leases", does: LEASE_GRANTED },
  {
    name: "events_lease_granted",
    on: "AFTER UPDATE ON leases",
    when: "NEW.epoch > OLD.epoch",
    does: LEASE_GRANTED,
  },
  {
    name: "events_lease_released",
    on: "AFTER UPDATE ON leases",
    when: "NEW.holder IS NULL AND OLD.holder IS NOT NULL",
    does: tell("lease.released", {
      at: "NEW.expires_at_ms",
      of: OF_LEASE,
      data: { epoch: "NEW.epoch" },
    }),
  },
  { name: "events_shard_first", on: "AFTER INSERT ON shards", does: SHARD_CHANGED },
  {
    name: "events_shard_changed",
    on: "AFTER UPDATE ON shards",
    when: "NEW.phase <> OLD.phase OR NEW.address <> OLD.address",
    does: SHARD_CHANGED,
  },
];

const audit: readonly Trigger[] = [
  {
    name: "events_admin_command",
    on: "AFTER INSERT ON audit_log",
    when: "NEW.actor_id IS NOT NULL",
    does: tell("admin.command", {
      at: "NEW.at_ms",
      of: { priority: "7" },
      data: {
        command: "NEW.event",
        actorId: "coalesce(NEW.actor_id, '')",
        targetId: "coalesce(NEW.target_id, '')",
      },
    }),
  },
  {
    name: "events_security_alert",
    on: "AFTER INSERT ON audit_log",
    when: "NEW.actor_id IS NULL",
    does: tell("security.alert", {
      at: "NEW.at_ms",
      of: { priority: "8", player_id: "NEW.target_id" },
      data: { alert: "NEW.event" },
    }),
  },
];

const chat: readonly Trigger[] = [
  {
    name: "events_chat_message",
    on: "AFTER INSERT ON chat_messages",
    does: tell("chat.message", {
      at: "NEW.sent_at_ms",
      of: { player_id: "NEW.sender_id" },
      data: {
        channel: `iif(instr(NEW.room, ':') = 0, NEW.room,
			substr(NEW.room, 1, instr(NEW.room, ':') - 1))`,
        text: "iif(instr(NEW.room, ':') = 0, NEW.text, '')",
      },
    }),
  },
];

const leaderboards: readonly Trigger[] = [
  {
    name: "events_leaderboard_season_ended",
    on: "AFTER INSERT ON leaderboard_seasons",
    when: "NEW.number > 1",
    does: tell("leaderboard.season_ended", {
      at: "season.ends_at_ms",
      data: {
        leaderboardId: "season.leaderboard_id",
        season: "season.number",
        startsAtMs: "CAST(season.starts_at_ms AS TEXT)",
        endsAtMs: "CAST(season.ends_at_ms AS TEXT)",
        players: `(SELECT count(*) FROM leaderboard_scores AS score
			WHERE score.leaderboard_id = season.leaderboard_id
				AND score.season = season.number)`,
        winnerId: "coalesce(first.player_id, '')",
        winnerScore: `coalesce(CAST(iif(board."order" = 'descending',
			-first.weight, first.weight) AS TEXT), '')`,
      },
      from: `FROM leaderboard_seasons AS season
	JOIN leaderboards AS board ON board.id = season.leaderboard_id
	LEFT JOIN leaderboard_scores AS first ON first.rowid = (
		SELECT score.rowid FROM leaderboard_scores AS score
		WHERE score.leaderboard_id = season.leaderboard_id
			AND score.season = season.number
		ORDER BY score.weight, score.sequence LIMIT 1)
	WHERE season.leaderboard_id = NEW.leaderboard_id AND season.number = NEW.number - 1`,
    }),
  },
];

const groups: readonly Trigger[] = [
  {
    name: "events_group_created",
    on: "AFTER INSERT ON group_members",
    when: "NEW.role = 'owner'",
    does: tell("group.created", {
      at: "NEW.joined_at_ms",
      of: PLAYER,
      data: GROUP,
      from: IN_GROUP,
    }),
  },
  {
    name: "events_group_joined",
    on: "AFTER INSERT ON group_members",
    when: "NEW.role <> 'owner'",
    does: tell("group.joined", { at: "NEW.joined_at_ms", of: PLAYER, data: GROUP, from: IN_GROUP }),
  },
  {
    name: "events_group_role_changed",
    on: "AFTER UPDATE OF role ON group_members",
    when: "NEW.role <> OLD.role",
    does: tell("group.role_changed", {
      at: "NEW.role_since_ms",
      of: PLAYER,
      data: { groupId: "NEW.group_id", role: "NEW.role" },
    }),
  },
  {
    name: "events_group_offered",
    on: "AFTER INSERT ON group_offers",
    does: tellAs("iif(NEW.kind = 'invitation', 'group.invited', 'group.requested')", {
      at: "NEW.at_ms",
      of: PLAYER,
      data: {
        ...GROUP,
        byPlayerId: "iif(NEW.by_player_id = NEW.player_id, '', NEW.by_player_id)",
      },
      from: IN_GROUP,
    }),
  },
  {
    name: "events_group_left_deleted",
    on: "AFTER DELETE ON group_members",
    when: "NOT EXISTS (SELECT 1 FROM players WHERE id = OLD.player_id)",
    does: tell("group.left", {
      at: NOW_MS,
      of: { player_id: "OLD.player_id" },
      data: { groupId: "OLD.group_id", reason: "'deleted'", byPlayerId: "''" },
    }),
  },
];

/** Triggers that write what happened into the event log. */
export const eventTriggers: readonly Trigger[] = [
  ...players,
  ...shards,
  ...audit,
  ...chat,
  ...leaderboards,
  ...groups,
];

/** Of a measure against a player, when it is taken and when it is taken anew. */
function measureOf(name: "banned" | "muted", table: string): Trigger[] {
  const does = tell(`player.${name}`, {
    at: `NEW.${name}_at_ms`,
    of: PLAYER,
    data: {
      reason: "NEW.reason",
      byPlayerId: "NEW.by_player_id",
      endsAtMs: "CAST(coalesce(NEW.ends_at_ms, 0) AS TEXT)",
    },
  });
  return [
    { name: `events_player_${name}`, on: `AFTER INSERT ON ${table}`, does },
    { name: `events_player_${name}_anew`, on: `AFTER UPDATE ON ${table}`, does },
  ];
}

/** The statement that writes an event. */
export function tell(type: string, told: Told): string {
  return tellAs(`'${type}'`, told);
}

function tellAs(type: string, { at, of = {}, data, from }: Told): string {
  const fields = Object.entries(data).map(([name, value]) => `'${name}', ${value}`);
  const columns = ["type", "at_ms", ...Object.keys(of), "data"].join(", ");
  const values = [type, at, ...Object.values(of), `json_object(${fields.join(", ")})`].join(", ");
  const row = from === undefined ? `VALUES (${values})` : `SELECT ${values} ${from}`;
  return `INSERT INTO events (${columns})\n\t${row};`;
}
