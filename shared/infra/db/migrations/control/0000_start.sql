CREATE TABLE `refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`parent_hash` text,
	`session_id` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "refresh_tokens_hash" CHECK(length("refresh_tokens"."hash") = 64)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `refresh_tokens_parent` ON `refresh_tokens` (`parent_hash`);--> statement-breakpoint
CREATE INDEX `refresh_tokens_session` ON `refresh_tokens` (`session_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`player_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`end_reason` text,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "sessions_end" CHECK(("sessions"."ended_at_ms" IS NULL) = ("sessions"."end_reason" IS NULL)
        AND ("sessions"."end_reason" IS NULL OR "sessions"."end_reason" IN ('logged out', 'token reused')))
) STRICT;
--> statement-breakpoint
CREATE INDEX `sessions_player` ON `sessions` (`player_id`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`private_jwk` text NOT NULL,
	`public_jwk` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`retired_at_ms` integer,
	CONSTRAINT "signing_keys_json" CHECK(json_valid("signing_keys"."private_jwk") AND json_valid("signing_keys"."public_jwk"))
) STRICT;
--> statement-breakpoint
CREATE TABLE `players` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text,
	`username_key` text,
	`password_hash` text,
	`display_name` text NOT NULL,
	`role` text DEFAULT 'player' NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "players_role" CHECK("players"."role" IN ('player', 'moderator', 'admin')),
	CONSTRAINT "players_display_name" CHECK(length("players"."display_name") BETWEEN 1 AND 48),
	CONSTRAINT "players_account" CHECK(("players"."username" IS NULL) = ("players"."username_key" IS NULL)
        AND ("players"."username" IS NULL) = ("players"."password_hash" IS NULL)),
	CONSTRAINT "players_created_at" CHECK("players"."created_at_ms" > 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `players_username_key` ON `players` (`username_key`);--> statement-breakpoint
CREATE TABLE `regions` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	CONSTRAINT "regions_title" CHECK(length("regions"."title") > 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `shards` (
	`key` text PRIMARY KEY NOT NULL,
	`world_id` text NOT NULL,
	`region_id` text NOT NULL,
	`instance` integer NOT NULL,
	`address` text NOT NULL,
	`phase` text NOT NULL,
	`capacity` integer NOT NULL,
	`tick_rate` integer NOT NULL,
	`started_at_ms` integer NOT NULL,
	`seen_at_ms` integer NOT NULL,
	FOREIGN KEY (`world_id`) REFERENCES `worlds`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "shards_phase" CHECK("shards"."phase" IN ('starting', 'serving', 'draining', 'stopped', 'silent')),
	CONSTRAINT "shards_numbers" CHECK("shards"."capacity" >= 0 AND "shards"."tick_rate" BETWEEN 1 AND 240)
) STRICT;
--> statement-breakpoint
CREATE INDEX `shards_world` ON `shards` (`world_id`);--> statement-breakpoint
CREATE TABLE `world_regions` (
	`world_id` text NOT NULL,
	`region_id` text NOT NULL,
	`instances` integer NOT NULL,
	PRIMARY KEY(`world_id`, `region_id`),
	FOREIGN KEY (`world_id`) REFERENCES `worlds`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`region_id`) REFERENCES `regions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "world_regions_instances" CHECK("world_regions"."instances" BETWEEN 1 AND 9999)
) STRICT;
--> statement-breakpoint
CREATE TABLE `worlds` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "worlds_title" CHECK(length("worlds"."title") > 0)
) STRICT;
