CREATE TABLE `storage_objects` (
	`player_id` text NOT NULL,
	`collection` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`version` text NOT NULL,
	`read` text NOT NULL,
	`write` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`player_id`, `collection`, `key`),
	FOREIGN KEY (`player_id`) REFERENCES `players`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "storage_objects_names" CHECK(length("storage_objects"."collection") BETWEEN 1 AND 64 AND length("storage_objects"."key") BETWEEN 1 AND 64),
	CONSTRAINT "storage_objects_value" CHECK(json_valid("storage_objects"."value") AND length(CAST("storage_objects"."value" AS BLOB)) <= 16384),
	CONSTRAINT "storage_objects_version" CHECK(length("storage_objects"."version") = 16),
	CONSTRAINT "storage_objects_rights" CHECK("storage_objects"."read" IN ('none', 'owner', 'public') AND "storage_objects"."write" IN ('none', 'owner')),
	CONSTRAINT "storage_objects_times" CHECK("storage_objects"."created_at_ms" > 0 AND "storage_objects"."updated_at_ms" > 0)
) STRICT;
