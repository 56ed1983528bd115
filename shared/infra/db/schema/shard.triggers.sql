CREATE TRIGGER `journal_epoch` BEFORE INSERT ON `journal`
WHEN NEW.`epoch` < (SELECT `epoch` FROM `progress`)
BEGIN
	SELECT RAISE(ABORT, 'fenced: a later owner has written to this journal');
END;
--> statement-breakpoint
CREATE TRIGGER `journal_order` BEFORE INSERT ON `journal`
WHEN NEW.`tick` IS NOT (SELECT `tick` + 1 FROM `progress`)
BEGIN
	SELECT RAISE(ABORT, 'out of order: a record of the journal follows the one before it');
END;
--> statement-breakpoint
CREATE TRIGGER `journal_progress` AFTER INSERT ON `journal`
BEGIN
	UPDATE `progress` SET `epoch` = NEW.`epoch`, `tick` = NEW.`tick`, `checksum` = NEW.`checksum`;
END;
--> statement-breakpoint
CREATE TRIGGER `snapshots_epoch` BEFORE INSERT ON `snapshots`
WHEN NEW.`epoch` < (SELECT `epoch` FROM `progress`)
BEGIN
	SELECT RAISE(ABORT, 'fenced: a later owner has written to this journal');
END;
--> statement-breakpoint
CREATE TRIGGER `snapshots_tick` BEFORE INSERT ON `snapshots`
WHEN NEW.`tick` > coalesce((SELECT `tick` FROM `progress`), -1)
BEGIN
	SELECT RAISE(ABORT, 'out of order: a snapshot never goes beyond the journal');
END;
--> statement-breakpoint
CREATE TRIGGER `progress_epoch` BEFORE UPDATE ON `progress`
WHEN NEW.`epoch` < OLD.`epoch`
BEGIN
	SELECT RAISE(ABORT, 'fenced: a later owner has written to this journal');
END;
