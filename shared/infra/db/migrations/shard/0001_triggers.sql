DROP TRIGGER IF EXISTS `journal_epoch`;
--> statement-breakpoint
CREATE TRIGGER `journal_epoch` BEFORE INSERT ON `journal`
WHEN NEW.`epoch` < (SELECT `epoch` FROM `progress`)
BEGIN
	SELECT RAISE(ABORT, 'fenced: a later owner has written to this journal');
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `journal_order`;
--> statement-breakpoint
CREATE TRIGGER `journal_order` BEFORE INSERT ON `journal`
WHEN NEW.`tick` IS NOT (SELECT `tick` + 1 FROM `progress`)
BEGIN
	SELECT RAISE(ABORT, 'out of order: a record of the journal follows the one before it');
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `journal_progress`;
--> statement-breakpoint
CREATE TRIGGER `journal_progress` AFTER INSERT ON `journal`
BEGIN
	UPDATE `progress` SET `epoch` = NEW.`epoch`, `tick` = NEW.`tick`, `checksum` = NEW.`checksum`;
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `snapshots_epoch`;
--> statement-breakpoint
CREATE TRIGGER `snapshots_epoch` BEFORE INSERT ON `snapshots`
WHEN NEW.`epoch` < (SELECT `epoch` FROM `progress`)
BEGIN
	SELECT RAISE(ABORT, 'fenced: a later owner has written to this journal');
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `snapshots_tick`;
--> statement-breakpoint
CREATE TRIGGER `snapshots_tick` BEFORE INSERT ON `snapshots`
WHEN NEW.`tick` > coalesce((SELECT `tick` FROM `progress`), -1)
BEGIN
	SELECT RAISE(ABORT, 'out of order: a snapshot never goes beyond the journal');
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `progress_epoch`;
--> statement-breakpoint
CREATE TRIGGER `progress_epoch` BEFORE UPDATE ON `progress`
WHEN NEW.`epoch` < OLD.`epoch`
BEGIN
	SELECT RAISE(ABORT, 'fenced: a later owner has written to this journal');
END;
--> statement-breakpoint
INSERT INTO `table_sums` (`name`, `row_count`, `checksums`) VALUES
	('answers', 0, 0),
	('outbox', 0, 0),
	('player_states', 0, 0),
	('sessions', 0, 0),
	('shard_facts', 0, 0),
	('snapshots', 0, 0),
	('used_tickets', 0, 0);
--> statement-breakpoint
DROP TRIGGER IF EXISTS `answers_added`;
--> statement-breakpoint
CREATE TRIGGER `answers_added` AFTER INSERT ON `answers`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` + 1,
		`checksums` = `checksums` + NEW.`checksum`
	WHERE `name` = 'answers';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `answers_removed`;
--> statement-breakpoint
CREATE TRIGGER `answers_removed` AFTER DELETE ON `answers`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` - 1,
		`checksums` = `checksums` - OLD.`checksum`
	WHERE `name` = 'answers';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `answers_changed`;
--> statement-breakpoint
CREATE TRIGGER `answers_changed` AFTER UPDATE ON `answers`
BEGIN
	UPDATE `table_sums` SET `checksums` = `checksums` - OLD.`checksum` + NEW.`checksum`
	WHERE `name` = 'answers';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `outbox_added`;
--> statement-breakpoint
CREATE TRIGGER `outbox_added` AFTER INSERT ON `outbox`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` + 1,
		`checksums` = `checksums` + NEW.`checksum`
	WHERE `name` = 'outbox';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `outbox_removed`;
--> statement-breakpoint
CREATE TRIGGER `outbox_removed` AFTER DELETE ON `outbox`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` - 1,
		`checksums` = `checksums` - OLD.`checksum`
	WHERE `name` = 'outbox';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `outbox_changed`;
--> statement-breakpoint
CREATE TRIGGER `outbox_changed` AFTER UPDATE ON `outbox`
BEGIN
	UPDATE `table_sums` SET `checksums` = `checksums` - OLD.`checksum` + NEW.`checksum`
	WHERE `name` = 'outbox';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `player_states_added`;
--> statement-breakpoint
CREATE TRIGGER `player_states_added` AFTER INSERT ON `player_states`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` + 1,
		`checksums` = `checksums` + NEW.`checksum`
	WHERE `name` = 'player_states';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `player_states_removed`;
--> statement-breakpoint
CREATE TRIGGER `player_states_removed` AFTER DELETE ON `player_states`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` - 1,
		`checksums` = `checksums` - OLD.`checksum`
	WHERE `name` = 'player_states';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `player_states_changed`;
--> statement-breakpoint
CREATE TRIGGER `player_states_changed` AFTER UPDATE ON `player_states`
BEGIN
	UPDATE `table_sums` SET `checksums` = `checksums` - OLD.`checksum` + NEW.`checksum`
	WHERE `name` = 'player_states';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `sessions_added`;
--> statement-breakpoint
CREATE TRIGGER `sessions_added` AFTER INSERT ON `sessions`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` + 1,
		`checksums` = `checksums` + NEW.`checksum`
	WHERE `name` = 'sessions';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `sessions_removed`;
--> statement-breakpoint
CREATE TRIGGER `sessions_removed` AFTER DELETE ON `sessions`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` - 1,
		`checksums` = `checksums` - OLD.`checksum`
	WHERE `name` = 'sessions';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `sessions_changed`;
--> statement-breakpoint
CREATE TRIGGER `sessions_changed` AFTER UPDATE ON `sessions`
BEGIN
	UPDATE `table_sums` SET `checksums` = `checksums` - OLD.`checksum` + NEW.`checksum`
	WHERE `name` = 'sessions';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `shard_facts_added`;
--> statement-breakpoint
CREATE TRIGGER `shard_facts_added` AFTER INSERT ON `shard_facts`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` + 1,
		`checksums` = `checksums` + NEW.`checksum`
	WHERE `name` = 'shard_facts';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `shard_facts_removed`;
--> statement-breakpoint
CREATE TRIGGER `shard_facts_removed` AFTER DELETE ON `shard_facts`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` - 1,
		`checksums` = `checksums` - OLD.`checksum`
	WHERE `name` = 'shard_facts';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `shard_facts_changed`;
--> statement-breakpoint
CREATE TRIGGER `shard_facts_changed` AFTER UPDATE ON `shard_facts`
BEGIN
	UPDATE `table_sums` SET `checksums` = `checksums` - OLD.`checksum` + NEW.`checksum`
	WHERE `name` = 'shard_facts';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `snapshots_added`;
--> statement-breakpoint
CREATE TRIGGER `snapshots_added` AFTER INSERT ON `snapshots`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` + 1,
		`checksums` = `checksums` + NEW.`checksum`
	WHERE `name` = 'snapshots';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `snapshots_removed`;
--> statement-breakpoint
CREATE TRIGGER `snapshots_removed` AFTER DELETE ON `snapshots`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` - 1,
		`checksums` = `checksums` - OLD.`checksum`
	WHERE `name` = 'snapshots';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `snapshots_changed`;
--> statement-breakpoint
CREATE TRIGGER `snapshots_changed` AFTER UPDATE ON `snapshots`
BEGIN
	UPDATE `table_sums` SET `checksums` = `checksums` - OLD.`checksum` + NEW.`checksum`
	WHERE `name` = 'snapshots';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `used_tickets_added`;
--> statement-breakpoint
CREATE TRIGGER `used_tickets_added` AFTER INSERT ON `used_tickets`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` + 1,
		`checksums` = `checksums` + NEW.`checksum`
	WHERE `name` = 'used_tickets';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `used_tickets_removed`;
--> statement-breakpoint
CREATE TRIGGER `used_tickets_removed` AFTER DELETE ON `used_tickets`
BEGIN
	UPDATE `table_sums` SET `row_count` = `row_count` - 1,
		`checksums` = `checksums` - OLD.`checksum`
	WHERE `name` = 'used_tickets';
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `used_tickets_changed`;
--> statement-breakpoint
CREATE TRIGGER `used_tickets_changed` AFTER UPDATE ON `used_tickets`
BEGIN
	UPDATE `table_sums` SET `checksums` = `checksums` - OLD.`checksum` + NEW.`checksum`
	WHERE `name` = 'used_tickets';
END;
