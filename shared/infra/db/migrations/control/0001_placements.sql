CREATE TABLE `placements` (
	`player_id` text NOT NULL,
	`world_id` text NOT NULL,
	`shard_key` text NOT NULL,
	`placed_at_ms` integer NOT NULL,
	PRIMARY KEY(`player_id`, `world_id`),
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`world_id`) REFERENCES `worlds`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "placements_placed_at" CHECK("placements"."placed_at_ms" > 0)
) STRICT;
