DROP TRIGGER IF EXISTS `events_leaderboard_season_ended`;
--> statement-breakpoint
CREATE TRIGGER `events_leaderboard_season_ended` AFTER INSERT ON `leaderboard_seasons`
WHEN NEW.`number` > 1
BEGIN
	INSERT INTO `events` (`type`, `at_ms`, `data`)
	SELECT 'leaderboard.season_ended', `season`.`ends_at_ms`, json_object(
		'leaderboardId', `season`.`leaderboard_id`, 'season', `season`.`number`,
		'startsAtMs', CAST(`season`.`starts_at_ms` AS TEXT),
		'endsAtMs', CAST(`season`.`ends_at_ms` AS TEXT),
		'players', (SELECT count(*) FROM `leaderboard_scores` AS `score`
			WHERE `score`.`leaderboard_id` = `season`.`leaderboard_id`
				AND `score`.`season` = `season`.`number`),
		'winnerId', coalesce(`first`.`player_id`, ''),
		'winnerScore', coalesce(CAST(iif(`board`.`order` = 'descending',
			-`first`.`weight`, `first`.`weight`) AS TEXT), ''))
	FROM `leaderboard_seasons` AS `season`
	JOIN `leaderboards` AS `board` ON `board`.`id` = `season`.`leaderboard_id`
	LEFT JOIN `leaderboard_scores` AS `first` ON `first`.`rowid` = (
		SELECT `score`.`rowid` FROM `leaderboard_scores` AS `score`
		WHERE `score`.`leaderboard_id` = `season`.`leaderboard_id`
			AND `score`.`season` = `season`.`number`
		ORDER BY `score`.`weight`, `score`.`sequence` LIMIT 1)
	WHERE `season`.`leaderboard_id` = NEW.`leaderboard_id` AND `season`.`number` = NEW.`number` - 1;
END;
