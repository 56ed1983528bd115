// Damage to rows, with SQL and behind the back of all triggers: every column of every table
// changed, exchanged, cut off, emptied; rows lost; whole rows of another time.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { SnapshotSchema } from "#proto/journal_pb.ts";
import type { Statement } from "#shared/infra/db/database.ts";
import type { Random } from "#shared/sim/index.ts";
import { checksumOfPlayer, checksumOfSnapshot } from "../../../shards/persistence/checksums.ts";
import type { RowDamage } from "./damage-kind.ts";
import type { Lab } from "./lab.ts";
import type { SqlReader, SqlValue } from "./sql-reader.ts";

type Kind = "number" | "text" | "bytes";

interface Table {
  readonly name: string;
  /** Rows that a start reads: what is behind the oldest snapshot only waits to be deleted. */
  readonly where: string;
  readonly columns: Readonly<Record<string, Kind>>;
}

const TABLES: readonly Table[] = [
  {
    name: "journal",
    where: "tick > (SELECT min(tick) FROM snapshots)",
    columns: {
      tick: "number",
      epoch: "number",
      state_hash: "text",
      checksum: "number",
      inputs: "bytes",
    },
  },
  {
    name: "snapshots",
    where: "true",
    columns: {
      tick: "number",
      epoch: "number",
      saved_at_ms: "number",
      journal_checksum: "number",
      checksum: "number",
      state: "bytes",
    },
  },
  {
    name: "progress",
    where: "true",
    columns: { epoch: "number", epoch_checksum: "number", tick: "number", checksum: "number" },
  },
  {
    name: "player_states",
    where: "true",
    columns: { player_id: "text", tick: "number", checksum: "number", state: "bytes" },
  },
  {
    name: "sessions",
    where: "token_hash IS NOT NULL",
    columns: { player_id: "text", token_hash: "text", tick: "number", checksum: "number" },
  },
  {
    name: "used_tickets",
    where: "true",
    columns: { id: "text", tick: "number", expires_at_ms: "number", checksum: "number" },
  },
  {
    name: "answers",
    where: "true",
    columns: {
      player_id: "text",
      action_id: "bytes",
      tick: "number",
      checksum: "number",
      answer: "bytes",
    },
  },
  {
    name: "outbox",
    where: "true",
    columns: { id: "text", tick: "number", topic: "text", checksum: "number", message: "bytes" },
  },
  {
    name: "shard_facts",
    where: "true",
    columns: { name: "text", value: "text", checksum: "number" },
  },
  {
    name: "table_sums",
    where: "true",
    columns: { name: "text", row_count: "number", checksums: "number" },
  },
];

/** All of them, by table and column. */
export const rowDamages: readonly RowDamage[] = [
  ...TABLES.flatMap((table) => [...columnDamages(table), ...tableDamages(table)]),
  ...specialDamages(),
];

type Change = (value: SqlValue, random: Random) => SqlValue | undefined;

function columnDamages(table: Table): RowDamage[] {
  return Object.entries(table.columns).flatMap(([column, kind]) => {
    const damage = (name: string, change: Change): RowDamage => ({
      kind: "rows",
      name: `${table.name}.${column} ${name}`,
      statements: async (reader, random) => {
        const where = `${table.where} AND ${column} IS NOT NULL`;
        const row = await reader.pick(table.name, where);
        const before = await reader.value(table.name, column, row);
        const after = change(before, random);
        if (after === undefined || isSame(before, after)) return undefined;
        return [setValue(table.name, column, { row, value: after })];
      },
    });
    const exchanged: RowDamage = {
      kind: "rows",
      name: `${table.name}.${column} exchanged`,
      statements: (reader) => exchange(reader, table, column),
    };
    // A key that is exchanged is a row that has changed places, which its rowid does not tell.
    const isKey = column === "tick" && ["journal", "snapshots"].includes(table.name);
    return [
      damage("changed", flip),
      ...(kind === "bytes" ? [damage("cut off", cutOff), damage("emptied", empty)] : []),
      ...(isKey || table.name === "progress" ? [] : [exchanged]),
    ];
  });
}

async function exchange(
  reader: SqlReader,
  { name, where: readable }: Table,
  column: string,
): Promise<Statement[] | undefined> {
  const where = `${readable} AND ${column} IS NOT NULL`;
  const first = await reader.pick(name, where);
  const second = await reader.pick(name, `${where} AND rowid <> ${first}`);
  const values = [
    await reader.value(name, column, first),
    await reader.value(name, column, second),
  ] as const;
  if (second === -1 || isSame(...values)) return undefined;
  // A key must not be there twice at any moment.
  const isUnique = ["player_id", "id", "name", "action_id"].includes(column);
  const between = typeof values[0] === "string" ? "-" : new Uint8Array(1);
  return [
    ...(isUnique ? [setValue(name, column, { row: first, value: between })] : []),
    setValue(name, column, { row: second, value: values[0] }),
    setValue(name, column, { row: first, value: values[1] }),
  ];
}

function tableDamages({ name, where }: Table): RowDamage[] {
  const one: RowDamage = {
    kind: "rows",
    name: `${name}: a row lost`,
    statements: async (reader) => [
      `DELETE FROM ${name} WHERE rowid = ${await reader.pick(name, where)}`,
    ],
  };
  const all: RowDamage = {
    kind: "rows",
    name: `${name}: all rows lost`,
    statements: async () => [`DELETE FROM ${name}`],
  };
  return [one, all];
}

function specialDamages(): RowDamage[] {
  const simple = (name: string, ...statements: string[]): RowDamage => {
    return { kind: "rows", name, statements: async () => statements };
  };
  return [
    { kind: "rows", name: "a newer snapshot", statements: makeNewer },
    { kind: "rows", name: "an older state of a player", statements: putBack },
    { kind: "rows", name: "a told message comes back", statements: tellAgain },
    simple(
      "an end that is whole but earlier",
      "DELETE FROM journal WHERE tick = (SELECT tick FROM progress)",
      `UPDATE progress SET tick = tick - 1,
        checksum = (SELECT checksum FROM journal ORDER BY tick DESC LIMIT 1)`,
    ),
    simple(
      "a newer version",
      "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9000000000000)",
    ),
    simple("no list of migrations", "DELETE FROM __drizzle_migrations"),
    simple(
      "a shorter list of migrations",
      `DELETE FROM __drizzle_migrations WHERE created_at =
        (SELECT max(created_at) FROM __drizzle_migrations)`,
    ),
    simple("an index lost", "DROP INDEX answers_tick"),
  ];
}

/** As a later version of Tessera would write it, checksum included. */
async function makeNewer(reader: SqlReader): Promise<Statement[]> {
  const row = Number((await reader.values("SELECT max(tick) FROM snapshots"))[0]);
  const number = async (column: string) => Number(await reader.value("snapshots", column, row));
  const packed = await reader.value("snapshots", "state", row);
  if (!(packed instanceof Uint8Array)) throw new Error("cannot make newer: there is no snapshot");
  const snapshot = fromBinary(SnapshotSchema, await Bun.zstdDecompress(packed));
  const newer = create(SnapshotSchema, {
    ...snapshot,
    schemaVersion: snapshot.schemaVersion + 1,
  });
  const state = new Uint8Array(await Bun.zstdCompress(toBinary(SnapshotSchema, newer)));
  const checksum = checksumOfSnapshot({
    tick: row,
    epoch: await number("epoch"),
    savedAtMs: await number("saved_at_ms"),
    journalChecksum: await number("journal_checksum"),
    state,
  });
  // The triggers' sum as well: it is no damage.
  const before = await number("checksum");
  return [
    setValue("snapshots", "state", { row, value: state }),
    setValue("snapshots", "checksum", { row, value: checksum }),
    `UPDATE table_sums SET checksums = checksums + ${checksum - before} WHERE name = 'snapshots'`,
  ];
}

/** What was kept of a player when it left before: whole, but not the latest. */
async function putBack(
  _: SqlReader,
  random: Random,
  { truth }: Lab,
): Promise<Statement[] | undefined> {
  const latest = truth.at(truth.tick).states;
  const start = 1 + random.below(truth.tick);
  for (let tick = start; tick < truth.tick; tick += 1) {
    for (const { playerId, state } of truth.record(tick)?.departed ?? []) {
      if (latest.get(playerId) === state.toHex()) continue;
      const checksum = checksumOfPlayer({ playerId, tick, state });
      return [
        {
          sql: "UPDATE player_states SET tick = ?, checksum = ?, state = ? WHERE player_id = ?",
          args: [tick, checksum, state, playerId],
        },
      ];
    }
  }
  return undefined;
}

/** The row of a message, whole, under the id of one that was told. */
async function tellAgain(reader: SqlReader): Promise<Statement[]> {
  const row = await reader.pick("outbox", "true");
  return [
    `INSERT INTO outbox (rowid, id, tick, topic, checksum, message)
      SELECT rowid + 100000, id || '-again', tick, topic, checksum, message
      FROM outbox WHERE rowid = ${row}`,
  ];
}

function setValue(
  table: string,
  column: string,
  { row, value }: { row: number; value: SqlValue },
): Statement {
  return { sql: `UPDATE ${table} SET ${column} = ? WHERE rowid = ?`, args: [value, row] };
}

function flip(value: SqlValue, random: Random): SqlValue | undefined {
  // Beyond 40 bits, bit operations of SQLite and JavaScript would have to agree.
  if (typeof value === "number") {
    return Number(BigInt(Math.trunc(value)) ^ (1n << BigInt(random.below(40))));
  }
  if (typeof value === "string") {
    if (value.length === 0) return "x";
    const at = random.below(value.length);
    const code = value.charCodeAt(at) ^ (1 << random.below(5));
    return value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1);
  }
  if (value === null || value.length === 0) return undefined;
  const at = random.below(value.length);
  return value.with(at, (value[at] ?? 0) ^ (1 << random.below(8)));
}

function cutOff(value: SqlValue, random: Random): SqlValue | undefined {
  if (!(value instanceof Uint8Array) || value.length === 0) return undefined;
  return value.slice(0, random.below(value.length));
}

function empty(value: SqlValue): SqlValue | undefined {
  return value instanceof Uint8Array && value.length > 0 ? new Uint8Array(0) : undefined;
}

function isSame(one: SqlValue, other: SqlValue): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    return Buffer.compare(one, other) === 0;
  }
  return one === other;
}
