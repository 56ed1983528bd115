CREATE TABLE `chat_reports` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reporter_id` text NOT NULL,
	`sender_id` text NOT NULL,
	`message_number` integer NOT NULL,
	`text` text NOT NULL,
	`reason` text NOT NULL,
	`reported_at_ms` integer NOT NULL,
	FOREIGN KEY (`reporter_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`sender_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "chat_reports_reason" CHECK(length("chat_reports"."reason") BETWEEN 1 AND 200),
	CONSTRAINT "chat_reports_at" CHECK("chat_reports"."reported_at_ms" > 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `chat_reports_once` ON `chat_reports` (`reporter_id`,`message_number`);--> statement-breakpoint
CREATE INDEX `chat_reports_sender` ON `chat_reports` (`sender_id`);