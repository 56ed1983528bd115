CREATE TABLE `audit_log` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at_ms` integer NOT NULL,
	`event` text NOT NULL,
	`actor_id` text,
	`target_id` text,
	`details` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL,
	CONSTRAINT "audit_log_details" CHECK(json_valid("audit_log"."details")),
	CONSTRAINT "audit_log_hash" CHECK(length("audit_log"."hash") = 64)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_log_previous` ON `audit_log` (`previous_hash`);--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`target_id`);--> statement-breakpoint
CREATE TABLE `bans` (
	`player_id` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`by_player_id` text NOT NULL,
	`banned_at_ms` integer NOT NULL,
	`ends_at_ms` integer,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "bans_end" CHECK(coalesce("bans"."ends_at_ms" > "bans"."banned_at_ms", 1))
) STRICT;
--> statement-breakpoint
CREATE TABLE `identities` (
	`provider` text NOT NULL,
	`subject` text NOT NULL,
	`player_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`used_at_ms` integer NOT NULL,
	PRIMARY KEY(`provider`, `subject`),
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "identities_names" CHECK(length("identities"."provider") > 0 AND length("identities"."subject") > 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `identities_player` ON `identities` (`player_id`);--> statement-breakpoint
CREATE TABLE `oidc_flows` (
	`hash` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`nonce` text NOT NULL,
	`code_verifier` text NOT NULL,
	`expires_at_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `oidc_flows_expiry` ON `oidc_flows` (`expires_at_ms`);--> statement-breakpoint
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
CREATE TABLE `session_ends` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` text NOT NULL,
	`player_id` text NOT NULL,
	`reason` text NOT NULL,
	`ended_at_ms` integer NOT NULL,
	CONSTRAINT "session_ends_reason" CHECK("session_ends"."reason" IN ('logged out', 'logged out everywhere', 'ended from another login', 'password changed', 'password reset', 'token reused', 'banned'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `session_ends_session` ON `session_ends` (`session_id`);--> statement-breakpoint
CREATE INDEX `session_ends_time` ON `session_ends` (`ended_at_ms`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`player_id` text NOT NULL,
	`device` text DEFAULT '' NOT NULL,
	`created_at_ms` integer NOT NULL,
	`second_factor` integer DEFAULT false NOT NULL,
	`seen_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`end_reason` text,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "sessions_end" CHECK(("sessions"."ended_at_ms" IS NULL) = ("sessions"."end_reason" IS NULL)
        AND ("sessions"."end_reason" IS NULL OR "sessions"."end_reason" IN ('logged out', 'logged out everywhere', 'ended from another login', 'password changed', 'password reset', 'token reused', 'banned'))),
	CONSTRAINT "sessions_device" CHECK(length("sessions"."device") <= 200)
) STRICT;
--> statement-breakpoint
CREATE INDEX `sessions_player` ON `sessions` (`player_id`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`private_jwk` text NOT NULL,
	`public_jwk` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`signs_from_ms` integer NOT NULL,
	`retired_at_ms` integer,
	CONSTRAINT "signing_keys_json" CHECK(json_valid("signing_keys"."private_jwk") AND json_valid("signing_keys"."public_jwk"))
) STRICT;
--> statement-breakpoint
CREATE TABLE `leases` (
	`shard_key` text PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`holder` text,
	`database_id` text NOT NULL,
	`database_file` text NOT NULL,
	`address` text NOT NULL,
	`tick` integer NOT NULL,
	`ticks_lost` integer NOT NULL,
	`granted_at_ms` integer NOT NULL,
	`renewed_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	CONSTRAINT "leases_epoch" CHECK("leases"."epoch" >= 1 AND "leases"."tick" >= 0),
	CONSTRAINT "leases_times" CHECK("leases"."granted_at_ms" > 0 AND "leases"."renewed_at_ms" > 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `emails` (
	`player_id` text PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`address_key` text NOT NULL,
	`proven_at_ms` integer NOT NULL,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `emails_address` ON `emails` (`address_key`);--> statement-breakpoint
CREATE TABLE `mail_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`player_id` text NOT NULL,
	`address` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `mail_tokens_player` ON `mail_tokens` (`player_id`);--> statement-breakpoint
CREATE TABLE `mails` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`address` text NOT NULL,
	`player_id` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "mails_kind" CHECK("mails"."kind" IN ('verify','reset'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `mails_due` ON `mails` (`due_at_ms`);--> statement-breakpoint
CREATE INDEX `mails_address` ON `mails` (`address`);--> statement-breakpoint
CREATE TABLE `players` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text,
	`username_key` text,
	`password_hash` text,
	`display_name` text NOT NULL,
	`role` text DEFAULT 'player' NOT NULL,
	`guest` integer DEFAULT true NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "players_role" CHECK("players"."role" IN ('player', 'moderator', 'admin')),
	CONSTRAINT "players_display_name" CHECK(length("players"."display_name") BETWEEN 1 AND 48),
	CONSTRAINT "players_account" CHECK(("players"."username" IS NULL) = ("players"."username_key" IS NULL)
        AND ("players"."username" IS NULL) = ("players"."password_hash" IS NULL)),
	CONSTRAINT "players_guest" CHECK("players"."guest" IN (0, 1)
        AND ("players"."guest" = 0 OR ("players"."username" IS NULL AND "players"."role" = 'player'))),
	CONSTRAINT "players_created_at" CHECK("players"."created_at_ms" > 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `players_username_key` ON `players` (`username_key`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`player_id` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`player_id`, `hash`),
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `totp_secrets` (
	`player_id` text PRIMARY KEY NOT NULL,
	`secret` text NOT NULL,
	`confirmed_at_ms` integer,
	`last_step` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "totp_secrets_length" CHECK(length("totp_secrets"."secret") >= 32)
) STRICT;
--> statement-breakpoint
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
--> statement-breakpoint
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
