CREATE TRIGGER `audit_log_kept` BEFORE DELETE ON `audit_log`
BEGIN
	SELECT RAISE(ABORT, 'the audit log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_log_unchanged` BEFORE UPDATE ON `audit_log`
BEGIN
	SELECT RAISE(ABORT, 'the audit log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `players_last_admin` BEFORE UPDATE OF `role` ON `players`
WHEN OLD.`role` = 'admin' AND NEW.`role` <> 'admin'
	AND (SELECT count(*) FROM `players` WHERE `role` = 'admin') = 1
BEGIN
	SELECT RAISE(ABORT, 'the last administrator stays one');
END;
--> statement-breakpoint
CREATE TRIGGER `events_player_registered` AFTER INSERT ON `players`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.registered', NEW.`created_at_ms`, NEW.`id`,
		json_object('displayName', NEW.`display_name`,
			'guest', json(iif(NEW.`guest`, 'true', 'false'))));
END;
--> statement-breakpoint
CREATE TRIGGER `events_player_logged_in` AFTER INSERT ON `sessions`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.logged_in', NEW.`created_at_ms`, NEW.`player_id`,
		json_object('sessionId', NEW.`id`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_player_logged_out` AFTER INSERT ON `session_ends`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.logged_out', NEW.`ended_at_ms`, NEW.`player_id`,
		json_object('sessionId', NEW.`session_id`, 'reason', NEW.`reason`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_player_banned` AFTER INSERT ON `bans`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.banned', NEW.`banned_at_ms`, NEW.`player_id`, json_object('reason', NEW.`reason`,
		'byPlayerId', NEW.`by_player_id`,
		'endsAtMs', CAST(coalesce(NEW.`ends_at_ms`, 0) AS TEXT)));
END;
--> statement-breakpoint
CREATE TRIGGER `events_player_banned_anew` AFTER UPDATE ON `bans`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.banned', NEW.`banned_at_ms`, NEW.`player_id`, json_object('reason', NEW.`reason`,
		'byPlayerId', NEW.`by_player_id`,
		'endsAtMs', CAST(coalesce(NEW.`ends_at_ms`, 0) AS TEXT)));
END;
--> statement-breakpoint
CREATE TRIGGER `events_lease_first` AFTER INSERT ON `leases`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `shard_key`, `world_id`, `region`, `data`)
	VALUES ('lease.granted', NEW.`granted_at_ms`, NEW.`shard_key`, substr(NEW.`shard_key`, 1, instr(NEW.`shard_key`, ':') - 1),
		substr(substr(NEW.`shard_key`, instr(NEW.`shard_key`, ':') + 1), instr(substr(NEW.`shard_key`, instr(NEW.`shard_key`, ':') + 1), ':') + 1),
		json_object('epoch', NEW.`epoch`, 'holder', coalesce(NEW.`holder`, ''),
			'address', NEW.`address`, 'ticksLost', NEW.`ticks_lost`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_lease_granted` AFTER UPDATE ON `leases`
WHEN NEW.`epoch` > OLD.`epoch`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `shard_key`, `world_id`, `region`, `data`)
	VALUES ('lease.granted', NEW.`granted_at_ms`, NEW.`shard_key`, substr(NEW.`shard_key`, 1, instr(NEW.`shard_key`, ':') - 1),
		substr(substr(NEW.`shard_key`, instr(NEW.`shard_key`, ':') + 1), instr(substr(NEW.`shard_key`, instr(NEW.`shard_key`, ':') + 1), ':') + 1),
		json_object('epoch', NEW.`epoch`, 'holder', coalesce(NEW.`holder`, ''),
			'address', NEW.`address`, 'ticksLost', NEW.`ticks_lost`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_lease_released` AFTER UPDATE ON `leases`
WHEN NEW.`holder` IS NULL AND OLD.`holder` IS NOT NULL
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `shard_key`, `world_id`, `region`, `data`)
	VALUES ('lease.released', NEW.`expires_at_ms`, NEW.`shard_key`, substr(NEW.`shard_key`, 1, instr(NEW.`shard_key`, ':') - 1),
		substr(substr(NEW.`shard_key`, instr(NEW.`shard_key`, ':') + 1), instr(substr(NEW.`shard_key`, instr(NEW.`shard_key`, ':') + 1), ':') + 1),
		json_object('epoch', NEW.`epoch`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_shard_first` AFTER INSERT ON `shards`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `shard_key`, `world_id`, `region`, `data`)
	VALUES ('shard.changed', NEW.`seen_at_ms`, NEW.`key`, NEW.`world_id`, NEW.`region_id`,
		json_object('phase', NEW.`phase`, 'address', NEW.`address`, 'capacity', NEW.`capacity`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_shard_changed` AFTER UPDATE ON `shards`
WHEN NEW.`phase` <> OLD.`phase` OR NEW.`address` <> OLD.`address`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `shard_key`, `world_id`, `region`, `data`)
	VALUES ('shard.changed', NEW.`seen_at_ms`, NEW.`key`, NEW.`world_id`, NEW.`region_id`,
		json_object('phase', NEW.`phase`, 'address', NEW.`address`, 'capacity', NEW.`capacity`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_admin_command` AFTER INSERT ON `audit_log`
WHEN NEW.`actor_id` IS NOT NULL
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `priority`, `data`)
	VALUES ('admin.command', NEW.`at_ms`, 7, json_object('command', NEW.`event`,
		'actorId', coalesce(NEW.`actor_id`, ''), 'targetId', coalesce(NEW.`target_id`, '')));
END;
--> statement-breakpoint
CREATE TRIGGER `events_security_alert` AFTER INSERT ON `audit_log`
WHEN NEW.`actor_id` IS NULL
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `priority`, `player_id`, `data`)
	VALUES ('security.alert', NEW.`at_ms`, 8, NEW.`target_id`,
		json_object('alert', NEW.`event`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_chat_message` AFTER INSERT ON `chat_messages`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('chat.message', NEW.`sent_at_ms`, NEW.`sender_id`, json_object(
		'channel', iif(instr(NEW.`room`, ':') = 0, NEW.`room`,
			substr(NEW.`room`, 1, instr(NEW.`room`, ':') - 1)),
		'text', iif(instr(NEW.`room`, ':') = 0, NEW.`text`, '')));
END;
--> statement-breakpoint
CREATE TRIGGER `events_leaderboard_season_ended` AFTER INSERT ON `leaderboard_seasons`
WHEN NEW.`number` > 1
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `data`)
	SELECT 'leaderboard.season_ended', `season`.`ends_at_ms`, json_object(
		'leaderboardId', `season`.`leaderboard_id`, 'season', `season`.`number`,
		'startsAtMs', CAST(`season`.`starts_at_ms` AS TEXT),
		'endsAtMs', CAST(`season`.`ends_at_ms` AS TEXT),
		'players', (SELECT count(*) FROM `leaderboard_scores` AS `score`
			WHERE `score`.`leaderboard_id` = `season`.`leaderboard_id`
				AND `score`.`season` = `season`.`number`),
		'winnerId', coalesce(`first`.`player_id`, ''),
		'winnerScore', coalesce(CAST(iif(`board`.`order` = 'descending',
			-`first`.`weight`, `first`.`weight`) AS TEXT), ''))
	FROM `leaderboard_seasons` AS `season`
	JOIN `leaderboards` AS `board` ON `board`.`id` = `season`.`leaderboard_id`
	LEFT JOIN `leaderboard_scores` AS `first` ON `first`.`rowid` = (
		SELECT `score`.`rowid` FROM `leaderboard_scores` AS `score`
		WHERE `score`.`leaderboard_id` = `season`.`leaderboard_id`
			AND `score`.`season` = `season`.`number`
		ORDER BY `score`.`weight`, `score`.`sequence` LIMIT 1)
	WHERE `season`.`leaderboard_id` = NEW.`leaderboard_id` AND `season`.`number` = NEW.`number` - 1;
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_session` AFTER UPDATE OF `player_id`, `second_factor`, `ended_at_ms` ON `sessions`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_session_gone` AFTER DELETE ON `sessions`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_player` AFTER UPDATE OF `role`, `display_name` ON `players`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_player_gone` AFTER DELETE ON `players`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_totp_begun` AFTER INSERT ON `totp_secrets`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (NEW.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_totp` AFTER UPDATE OF `confirmed_at_ms` ON `totp_secrets`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_totp_gone` AFTER DELETE ON `totp_secrets`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_ban` AFTER INSERT ON `bans`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (NEW.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_banned_anew` AFTER UPDATE ON `bans`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_ban_gone` AFTER DELETE ON `bans`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_kept` AFTER INSERT ON `actor_changes`
BEGIN
	DELETE FROM `actor_changes` WHERE `number` <= NEW.`number` - 10000;
--> statement-breakpoint
CREATE TRIGGER `events_group_created` AFTER INSERT ON `group_members`
WHEN NEW.`role` = 'owner'
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	SELECT 'group.created', NEW.`joined_at_ms`, NEW.`player_id`,
		json_object('groupId', `id`, 'kind', `kind`, 'name', `name`)
	FROM `groups` WHERE `id` = NEW.`group_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `events_group_joined` AFTER INSERT ON `group_members`
WHEN NEW.`role` <> 'owner'
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	SELECT 'group.joined', NEW.`joined_at_ms`, NEW.`player_id`,
		json_object('groupId', `id`, 'kind', `kind`, 'name', `name`)
	FROM `groups` WHERE `id` = NEW.`group_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `events_group_role_changed` AFTER UPDATE OF `role` ON `group_members`
WHEN NEW.`role` <> OLD.`role`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('group.role_changed', NEW.`role_since_ms`, NEW.`player_id`,
		json_object('groupId', NEW.`group_id`, 'role', NEW.`role`));
END;
--> statement-breakpoint
CREATE TRIGGER `events_group_offered` AFTER INSERT ON `group_offers`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	SELECT iif(NEW.`kind` = 'invitation', 'group.invited', 'group.requested'), NEW.`at_ms`,
		NEW.`player_id`, json_object('groupId', `id`, 'kind', `kind`, 'name', `name`,
			'byPlayerId', iif(NEW.`by_player_id` = NEW.`player_id`, '', NEW.`by_player_id`))
	FROM `groups` WHERE `id` = NEW.`group_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `events_group_left_deleted` AFTER DELETE ON `group_members`
WHEN NOT EXISTS (SELECT 1 FROM `players` WHERE `id` = OLD.`player_id`)
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('group.left', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER),
		OLD.`player_id`, json_object('groupId', OLD.`group_id`, 'reason', 'deleted',
			'byPlayerId', ''));
END;
--> statement-breakpoint
CREATE TRIGGER `groups_succession` AFTER DELETE ON `group_members`
WHEN OLD.`role` = 'owner' AND EXISTS (SELECT 1 FROM `groups` WHERE `id` = OLD.`group_id`)
BEGIN
	UPDATE `group_members` SET `role` = 'owner',
		`role_since_ms` = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
	WHERE `group_id` = OLD.`group_id` AND `player_id` = (
		SELECT `player_id` FROM `group_members` WHERE `group_id` = OLD.`group_id`
		ORDER BY `role` = 'officer' DESC, `role_since_ms`, `joined_at_ms`, `player_id` LIMIT 1);
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	SELECT 'group.disbanded', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER),
		OLD.`player_id`, json_object('groupId', `id`, 'kind', `kind`, 'name', `name`,
			'byPlayerId', '')
	FROM `groups` WHERE `id` = OLD.`group_id`
		AND NOT EXISTS (SELECT 1 FROM `group_members` WHERE `group_id` = OLD.`group_id`);
	DELETE FROM `groups` WHERE `id` = OLD.`group_id`
		AND NOT EXISTS (SELECT 1 FROM `group_members` WHERE `group_id` = OLD.`group_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `groups_messages_gone` AFTER DELETE ON `groups`
BEGIN
	DELETE FROM `chat_messages` WHERE `room` = OLD.`kind` || ':' || OLD.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `events_player_muted` AFTER INSERT ON `chat_mutes`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.muted', NEW.`muted_at_ms`, NEW.`player_id`, json_object('reason', NEW.`reason`,
		'byPlayerId', NEW.`by_player_id`,
		'endsAtMs', CAST(coalesce(NEW.`ends_at_ms`, 0) AS TEXT)));
END;
--> statement-breakpoint
CREATE TRIGGER `events_player_muted_anew` AFTER UPDATE ON `chat_mutes`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.muted', NEW.`muted_at_ms`, NEW.`player_id`, json_object('reason', NEW.`reason`,
		'byPlayerId', NEW.`by_player_id`,
		'endsAtMs', CAST(coalesce(NEW.`ends_at_ms`, 0) AS TEXT)));
END;
