CREATE TABLE `chat_blocks` (
	`player_id` text NOT NULL,
	`blocked_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`player_id`, `blocked_id`),
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`blocked_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "chat_blocks_other" CHECK("chat_blocks"."player_id" <> "chat_blocks"."blocked_id")
) STRICT;
--> statement-breakpoint
CREATE INDEX `chat_blocks_blocked` ON `chat_blocks` (`blocked_id`);--> statement-breakpoint
CREATE TABLE `chat_messages` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`room` text NOT NULL,
	`sender_id` text NOT NULL,
	`recipient_id` text,
	`text` text NOT NULL,
	`sent_at_ms` integer NOT NULL,
	FOREIGN KEY (`sender_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`recipient_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "chat_messages_text" CHECK(length("chat_messages"."text") BETWEEN 1 AND 1200),
	CONSTRAINT "chat_messages_recipient_private" CHECK(("chat_messages"."room" LIKE 'private:%') = ("chat_messages"."recipient_id" IS NOT NULL)),
	CONSTRAINT "chat_messages_sent_at" CHECK("chat_messages"."sent_at_ms" > 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `chat_messages_room` ON `chat_messages` (`room`,`number`);--> statement-breakpoint
CREATE INDEX `chat_messages_sender` ON `chat_messages` (`sender_id`);--> statement-breakpoint
CREATE INDEX `chat_messages_recipient` ON `chat_messages` (`recipient_id`);--> statement-breakpoint
CREATE TABLE `chat_mutes` (
	`player_id` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`by_player_id` text NOT NULL,
	`muted_at_ms` integer NOT NULL,
	`ends_at_ms` integer,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "chat_mutes_end" CHECK(coalesce("chat_mutes"."ends_at_ms" > "chat_mutes"."muted_at_ms", 1))
) STRICT;
