CREATE TABLE `answers` (
	`player_id` text NOT NULL,
	`action_id` blob NOT NULL,
	`tick` integer NOT NULL,
	`checksum` integer NOT NULL,
	`answer` blob NOT NULL,
	PRIMARY KEY(`player_id`, `action_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `answers_tick` ON `answers` (`tick`);--> statement-breakpoint
CREATE TABLE `journal` (
	`tick` integer PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`state_hash` text,
	`checksum` integer NOT NULL,
	`inputs` blob NOT NULL,
	CONSTRAINT "journal_tick" CHECK("journal"."tick" > 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`tick` integer NOT NULL,
	`topic` text NOT NULL,
	`checksum` integer NOT NULL,
	`message` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `player_states` (
	`player_id` text PRIMARY KEY NOT NULL,
	`tick` integer NOT NULL,
	`checksum` integer NOT NULL,
	`state` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `player_states_tick` ON `player_states` (`tick`);--> statement-breakpoint
CREATE TABLE `progress` (
	`id` integer PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`epoch_checksum` integer NOT NULL,
	`tick` integer NOT NULL,
	`checksum` integer NOT NULL,
	CONSTRAINT "progress_one" CHECK("progress"."id" = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `sessions` (
	`player_id` text PRIMARY KEY NOT NULL,
	`token_hash` text,
	`tick` integer NOT NULL,
	`checksum` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `sessions_tick` ON `sessions` (`tick`);--> statement-breakpoint
CREATE TABLE `shard_facts` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`checksum` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `snapshots` (
	`tick` integer PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`saved_at_ms` integer NOT NULL,
	`journal_checksum` integer NOT NULL,
	`checksum` integer NOT NULL,
	`state` blob NOT NULL,
	CONSTRAINT "snapshots_tick" CHECK("snapshots"."tick" >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `table_sums` (
	`name` text PRIMARY KEY NOT NULL,
	`row_count` integer NOT NULL,
	`checksums` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `used_tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`tick` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`checksum` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `used_tickets_tick` ON `used_tickets` (`tick`);