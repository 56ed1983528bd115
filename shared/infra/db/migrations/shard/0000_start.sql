CREATE TABLE `journal` (
	`tick` integer PRIMARY KEY NOT NULL,
	`crc32` integer NOT NULL,
	`inputs` blob NOT NULL,
	CONSTRAINT "journal_tick" CHECK("journal"."tick" > 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `player_states` (
	`player_id` text PRIMARY KEY NOT NULL,
	`tick` integer NOT NULL,
	`state` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `sessions` (
	`player_id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `shard_facts` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `snapshots` (
	`tick` integer PRIMARY KEY NOT NULL,
	`saved_at_ms` integer NOT NULL,
	`crc32` integer NOT NULL,
	`state` blob NOT NULL,
	CONSTRAINT "snapshots_tick" CHECK("snapshots"."tick" >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `used_tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at_ms` integer NOT NULL
) STRICT;
