DROP TRIGGER IF EXISTS `events_player_muted`;
--> statement-breakpoint
CREATE TRIGGER `events_player_muted` AFTER INSERT ON `chat_mutes`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.muted', NEW.`muted_at_ms`, NEW.`player_id`, json_object('reason', NEW.`reason`,
		'byPlayerId', NEW.`by_player_id`,
		'endsAtMs', CAST(coalesce(NEW.`ends_at_ms`, 0) AS TEXT)));
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `events_player_muted_anew`;
--> statement-breakpoint
CREATE TRIGGER `events_player_muted_anew` AFTER UPDATE ON `chat_mutes`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('player.muted', NEW.`muted_at_ms`, NEW.`player_id`, json_object('reason', NEW.`reason`,
		'byPlayerId', NEW.`by_player_id`,
		'endsAtMs', CAST(coalesce(NEW.`ends_at_ms`, 0) AS TEXT)));
END;
