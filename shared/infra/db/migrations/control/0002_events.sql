CREATE TABLE `event_cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	CONSTRAINT "event_cursors_number" CHECK("event_cursors"."number" >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `events` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' ||
  substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' ||
  hex(randomblob(6)))) NOT NULL,
	`type` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`at_ms` integer NOT NULL,
	`priority` integer DEFAULT 5 NOT NULL,
	`source` text DEFAULT 'server' NOT NULL,
	`correlation_id` text DEFAULT '' NOT NULL,
	`tenant` text DEFAULT 'default' NOT NULL,
	`region` text,
	`world_id` text,
	`shard_key` text,
	`player_id` text,
	`data` text NOT NULL,
	`metadata` text DEFAULT '{}' NOT NULL,
	CONSTRAINT "events_type_form" CHECK(length("events"."type") BETWEEN 3 AND 64),
	CONSTRAINT "events_priority" CHECK("events"."priority" BETWEEN 0 AND 9),
	CONSTRAINT "events_json" CHECK(json_valid("events"."data") AND json_valid("events"."metadata"))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id` ON `events` (`id`);--> statement-breakpoint
CREATE INDEX `events_time` ON `events` (`at_ms`);--> statement-breakpoint
CREATE INDEX `events_type` ON `events` (`type`,`number`);--> statement-breakpoint
CREATE INDEX `events_player` ON `events` (`player_id`,`number`);--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`endpoint_id` text NOT NULL,
	`event_id` text NOT NULL,
	`event_type` text NOT NULL,
	`body` text NOT NULL,
	`state` text DEFAULT 'pending' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`next_attempt_at_ms` integer NOT NULL,
	`last_attempt_at_ms` integer,
	`last_status` integer,
	`last_error` text,
	`last_duration_ms` integer,
	FOREIGN KEY (`endpoint_id`) REFERENCES `webhook_endpoints`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "webhook_deliveries_state" CHECK("webhook_deliveries"."state" IN ('pending', 'delivered', 'failed')),
	CONSTRAINT "webhook_deliveries_body" CHECK(json_valid("webhook_deliveries"."body"))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_deliveries_event` ON `webhook_deliveries` (`endpoint_id`,`event_id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`state`,`next_attempt_at_ms`);--> statement-breakpoint
CREATE TABLE `webhook_endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`description` text NOT NULL,
	`event_types` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_until_ms` integer,
	`disabled_at_ms` integer,
	`disabled_reason` text,
	`succeeded_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "webhook_endpoints_types" CHECK(json_valid("webhook_endpoints"."event_types")),
	CONSTRAINT "webhook_endpoints_previous" CHECK(("webhook_endpoints"."previous_secret" IS NULL) = ("webhook_endpoints"."previous_until_ms" IS NULL)),
	CONSTRAINT "webhook_endpoints_disabled" CHECK(("webhook_endpoints"."disabled_at_ms" IS NULL) = ("webhook_endpoints"."disabled_reason" IS NULL))
) STRICT;
--> statement-breakpoint
CREATE TABLE `webhook_receipts` (
	`id` text PRIMARY KEY NOT NULL,
	`received_at_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `webhook_receipts_time` ON `webhook_receipts` (`received_at_ms`);