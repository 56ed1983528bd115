CREATE TABLE `stream_tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`player_id` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "stream_tickets_hash" CHECK(length("stream_tickets"."hash") = 64)
) STRICT;
--> statement-breakpoint
CREATE INDEX `stream_tickets_session` ON `stream_tickets` (`session_id`);--> statement-breakpoint
CREATE INDEX `stream_tickets_expiry` ON `stream_tickets` (`expires_at_ms`);