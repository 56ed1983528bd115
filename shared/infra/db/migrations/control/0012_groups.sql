CREATE TABLE `group_members` (
	`group_id` text NOT NULL,
	`player_id` text NOT NULL,
	`role` text NOT NULL,
	`role_since_ms` integer NOT NULL,
	`joined_at_ms` integer NOT NULL,
	PRIMARY KEY(`group_id`, `player_id`),
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "group_members_role" CHECK("group_members"."role" IN ('owner', 'officer', 'member')),
	CONSTRAINT "group_members_times" CHECK("group_members"."joined_at_ms" > 0 AND "group_members"."role_since_ms" > 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `group_members_player` ON `group_members` (`player_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `group_members_owner` ON `group_members` (`group_id`) WHERE role = 'owner';--> statement-breakpoint
CREATE TABLE `group_offers` (
	`group_id` text NOT NULL,
	`player_id` text NOT NULL,
	`kind` text NOT NULL,
	`by_player_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	PRIMARY KEY(`group_id`, `player_id`),
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "group_offers_kind" CHECK("group_offers"."kind" IN ('invitation', 'request')),
	CONSTRAINT "group_offers_times" CHECK(0 < "group_offers"."at_ms" AND "group_offers"."at_ms" < "group_offers"."expires_at_ms")
) STRICT;
--> statement-breakpoint
CREATE INDEX `group_offers_player` ON `group_offers` (`player_id`);--> statement-breakpoint
CREATE INDEX `group_offers_expires` ON `group_offers` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text,
	`description` text NOT NULL,
	`admission` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "groups_kind" CHECK("groups"."kind" IN ('team', 'guild')
        AND ("groups"."kind" = 'guild') = ("groups"."name_key" IS NOT NULL)),
	CONSTRAINT "groups_name" CHECK(length("groups"."name") BETWEEN 3 AND 64),
	CONSTRAINT "groups_description" CHECK(length("groups"."description") <= 2000),
	CONSTRAINT "groups_admission" CHECK("groups"."admission" IN ('open', 'request', 'invitation')),
	CONSTRAINT "groups_created_at" CHECK("groups"."created_at_ms" > 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_name_key` ON `groups` (`name_key`);