DROP TRIGGER IF EXISTS `audit_log_kept`;
--> statement-breakpoint
CREATE TRIGGER `audit_log_kept` BEFORE DELETE ON `audit_log`
BEGIN
	SELECT RAISE(ABORT, 'the audit log is append-only');
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `audit_log_unchanged`;
--> statement-breakpoint
CREATE TRIGGER `audit_log_unchanged` BEFORE UPDATE ON `audit_log`
BEGIN
	SELECT RAISE(ABORT, 'the audit log is append-only');
END;
--> statement-breakpoint
DROP TRIGGER IF EXISTS `players_last_admin`;
--> statement-breakpoint
CREATE TRIGGER `players_last_admin` BEFORE UPDATE OF `role` ON `players`
WHEN OLD.`role` = 'admin' AND NEW.`role` <> 'admin'
	AND (SELECT count(*) FROM `players` WHERE `role` = 'admin') = 1
BEGIN
	SELECT RAISE(ABORT, 'the last administrator stays one');
END;
