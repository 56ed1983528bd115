CREATE TABLE `last_seen` (
	`player_id` text PRIMARY KEY NOT NULL,
	`shard_key` text NOT NULL,
	`x` real NOT NULL,
	`y` real NOT NULL,
	`at_ms` integer NOT NULL,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "last_seen_at" CHECK("last_seen"."at_ms" > 0)
) STRICT;
