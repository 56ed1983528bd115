CREATE TABLE `leaderboard_scores` (
	`leaderboard_id` text NOT NULL,
	`season` integer NOT NULL,
	`player_id` text NOT NULL,
	`weight` integer NOT NULL,
	`sequence` integer NOT NULL,
	`submissions` integer NOT NULL,
	`last_submission_id` text,
	`reached_at_ms` integer NOT NULL,
	PRIMARY KEY(`leaderboard_id`, `season`, `player_id`),
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`leaderboard_id`,`season`) REFERENCES `leaderboard_seasons`(`leaderboard_id`,`number`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `leaderboard_scores_place` ON `leaderboard_scores` (`leaderboard_id`,`season`,`weight`,`sequence`);--> statement-breakpoint
CREATE INDEX `leaderboard_scores_player` ON `leaderboard_scores` (`player_id`);--> statement-breakpoint
CREATE TABLE `leaderboard_seasons` (
	`leaderboard_id` text NOT NULL,
	`number` integer NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`ends_at_ms` integer,
	`submissions` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`leaderboard_id`, `number`),
	FOREIGN KEY (`leaderboard_id`) REFERENCES `leaderboards`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "leaderboard_seasons_number" CHECK("leaderboard_seasons"."number" >= 1 AND "leaderboard_seasons"."submissions" >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `leaderboards` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`order` text NOT NULL,
	`operator` text NOT NULL,
	`reset` text NOT NULL,
	`period_seconds` integer,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "leaderboards_order" CHECK("leaderboards"."order" IN ('descending', 'ascending')),
	CONSTRAINT "leaderboards_operator" CHECK("leaderboards"."operator" IN ('best', 'last', 'sum')),
	CONSTRAINT "leaderboards_reset" CHECK("leaderboards"."reset" IN ('never', 'daily', 'weekly', 'monthly', 'period')
        AND ("leaderboards"."reset" = 'period') = ("leaderboards"."period_seconds" IS NOT NULL))
) STRICT;
