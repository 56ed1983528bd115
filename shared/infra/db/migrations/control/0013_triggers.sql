DROP TRIGGER IF EXISTS `events_chat_message`;
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
DROP TRIGGER IF EXISTS `events_group_created`;
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
DROP TRIGGER IF EXISTS `events_group_joined`;
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
DROP TRIGGER IF EXISTS `events_group_role_changed`;
--> statement-breakpoint
CREATE TRIGGER `events_group_role_changed` AFTER UPDATE OF `role` ON `group_members`
WHEN NEW.`role` <> OLD.`role`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('group.role_changed', NEW.`role_since_ms`, NEW.`player_id`,
		json_object('groupId', NEW.`group_id`, 'role', NEW.`role`));
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `events_group_offered`;
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
DROP TRIGGER IF EXISTS `events_group_left_deleted`;
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
DROP TRIGGER IF EXISTS `groups_succession`;
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
DROP TRIGGER IF EXISTS `groups_messages_gone`;
--> statement-breakpoint
CREATE TRIGGER `groups_messages_gone` AFTER DELETE ON `groups`
BEGIN
	DELETE FROM `chat_messages` WHERE `room` = OLD.`kind` || ':' || OLD.`id`;
END;
