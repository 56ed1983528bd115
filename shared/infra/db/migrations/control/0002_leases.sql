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
