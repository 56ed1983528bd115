CREATE TABLE `actor_changes` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`player_id` text NOT NULL
) STRICT;
