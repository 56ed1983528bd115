DROP TRIGGER IF EXISTS `events_chat_message`;
--> statement-breakpoint
CREATE TRIGGER `events_chat_message` AFTER INSERT ON `chat_messages`
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `player_id`, `data`)
	VALUES ('chat.message', NEW.`sent_at_ms`, NEW.`sender_id`,
		json_object('channel', iif(NEW.`recipient_id` IS NULL, NEW.`room`, 'private'),
			'text', iif(NEW.`recipient_id` IS NULL, NEW.`text`, '')));
END;
