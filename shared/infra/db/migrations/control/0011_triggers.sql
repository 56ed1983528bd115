DROP TRIGGER IF EXISTS `actor_changes_session`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_session` AFTER UPDATE OF `player_id`, `second_factor`, `ended_at_ms` ON `sessions`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_session_gone`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_session_gone` AFTER DELETE ON `sessions`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_player`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_player` AFTER UPDATE OF `role`, `display_name` ON `players`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_player_gone`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_player_gone` AFTER DELETE ON `players`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_totp_begun`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_totp_begun` AFTER INSERT ON `totp_secrets`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (NEW.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_totp`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_totp` AFTER UPDATE OF `confirmed_at_ms` ON `totp_secrets`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_totp_gone`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_totp_gone` AFTER DELETE ON `totp_secrets`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_ban`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_ban` AFTER INSERT ON `bans`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (NEW.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_banned_anew`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_banned_anew` AFTER UPDATE ON `bans`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_ban_gone`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_ban_gone` AFTER DELETE ON `bans`
BEGIN
	INSERT INTO `actor_changes` (`player_id`) VALUES (OLD.`player_id`);
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `actor_changes_kept`;
--> statement-breakpoint
CREATE TRIGGER `actor_changes_kept` AFTER INSERT ON `actor_changes`
BEGIN
	DELETE FROM `actor_changes` WHERE `number` <= NEW.`number` - 10000;
END;
