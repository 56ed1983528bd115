import { createTrigger, refuse } from "./trigger.ts";

const FENCED = refuse("fenced: a later owner has written to this journal");

/** Who may write to the journal, and what follows from it. */
const guards = [
  {
    name: "journal_epoch",
    on: "BEFORE INSERT ON journal",
    when: "NEW.epoch < (SELECT epoch FROM progress)",
    does: FENCED,
  },
  {
    name: "journal_order",
    on: "BEFORE INSERT ON journal",
    when: "NEW.tick IS NOT (SELECT tick + 1 FROM progress)",
    does: refuse("out of order: a record of the journal follows the one before it"),
  },
  {
    name: "journal_progress",
    on: "AFTER INSERT ON journal",
    does: "UPDATE progress SET epoch = NEW.epoch, tick = NEW.tick, checksum = NEW.checksum;",
  },
  {
    name: "snapshots_epoch",
    on: "BEFORE INSERT ON snapshots",
    when: "NEW.epoch < (SELECT epoch FROM progress)",
    does: FENCED,
  },
  {
    name: "snapshots_tick",
    on: "BEFORE INSERT ON snapshots",
    when: "NEW.tick > coalesce((SELECT tick FROM progress), -1)",
    does: refuse("out of order: a snapshot never goes beyond the journal"),
  },
  {
    name: "progress_epoch",
    on: "BEFORE UPDATE ON progress",
    when: "NEW.epoch < OLD.epoch",
    does: FENCED,
  },
];

/** Tables whose rows are counted and summed up, so that one that is missing is noticed. */
const SUMMED = [
  "answers",
  "outbox",
  "player_states",
  "sessions",
  "shard_facts",
  "snapshots",
  "used_tickets",
];

/** What keeps a table's line in table_sums right. */
function sumsOf(table: string) {
  const change = (sets: string) => `UPDATE table_sums SET ${sets} WHERE name = '${table}';`;
  const added = "row_count = row_count + 1, checksums = checksums + NEW.checksum";
  const removed = "row_count = row_count - 1, checksums = checksums - OLD.checksum";
  const changed = "checksums = checksums - OLD.checksum + NEW.checksum";
  return [
    { name: `${table}_added`, on: `AFTER INSERT ON ${table}`, does: change(added) },
    { name: `${table}_removed`, on: `AFTER DELETE ON ${table}`, does: change(removed) },
    { name: `${table}_changed`, on: `AFTER UPDATE ON ${table}`, does: change(changed) },
  ];
}

/** Statements that a shard's database has beside its tables: triggers, and rows that they need. */
export const shardTriggers: readonly string[] = [
  ...guards.map(createTrigger),
  `INSERT INTO table_sums (name, row_count, checksums) VALUES
	${SUMMED.map((table) => `('${table}', 0, 0)`).join(",\n\t")};`,
  ...SUMMED.flatMap(sumsOf).map(createTrigger),
];
