import { create } from "@bufbuild/protobuf";
import { type Snapshot, SnapshotColumnSchema } from "#proto/journal_pb.ts";
import { TABLE_CAPACITY_MAX } from "../../kernel/entity-table.ts";
import {
  decodeSnapshot,
  decodeTable,
  encodeSnapshot,
  encodeTable,
  ID_COLUMN,
  SnapshotError,
} from "../../kernel/snapshot.ts";
import { ARENA_CREDITS_MAX, ARENA_CREDITS_START, ARENA_HEALTH_MAX } from "./constants.ts";
import type { ArenaParameters } from "./messages.ts";
import { type ArenaWorld, createArena } from "./world.ts";

/** Rises with every change of the columns or of what they mean. */
export const ARENA_SCHEMA_VERSION = 3;

/** What makes a snapshot of each older version one of the next. */
const CONVERTERS: ReadonlyMap<number, (snapshot: Snapshot) => void> = new Map([
  [1, widenPositions],
  [2, addCredits],
]);

/** The whole state between two ticks. */
export function encodeArenaSnapshot(world: ArenaWorld): Uint8Array {
  return encodeSnapshot({ ...headOf(world), tables: [encodeTable(world.players)] });
}

/** What `encodeArenaSnapshot` writes before the tables: the copy of a state has them apart. */
export function encodeArenaHead(world: ArenaWorld): Uint8Array {
  return encodeSnapshot(headOf(world));
}

/**
 * The world that was written, by this version or an older one: same hash, same future. It has room
 * for `capacity` players, or where the snapshot has more, for the next power of two. Throws
 * `SnapshotError` for damaged bytes, another world or version.
 */
export function decodeArenaSnapshot(
  bytes: Uint8Array,
  options: { readonly capacity: number },
): ArenaWorld {
  const schemaVersions = [...CONVERTERS.keys(), ARENA_SCHEMA_VERSION];
  const snapshot = decodeSnapshot(bytes, { world: "arena", schemaVersions });
  if (snapshot.parameters.case !== "arena") {
    throw new SnapshotError("layout", "the parameters are missing; use an older one");
  }
  for (let from = snapshot.schemaVersion; from < ARENA_SCHEMA_VERSION; from++) {
    CONVERTERS.get(from)?.(snapshot);
  }
  const capacity = roomFor(snapshot, options.capacity);
  const world = createStored(snapshot.parameters.value, capacity);
  decodeTable(world.players, snapshot);
  world.tick = snapshot.tick;
  indexPlayers(world);
  return world;
}

function headOf(world: ArenaWorld) {
  return {
    schemaVersion: ARENA_SCHEMA_VERSION,
    tick: world.tick,
    parameters: { case: "arena" as const, value: { ...world.parameters } },
  };
}

function roomFor({ tables }: Snapshot, wanted: number): number {
  const rows = Math.min(TABLE_CAPACITY_MAX, Math.max(0, ...tables.map((table) => table.rows)));
  if (rows <= wanted) return wanted;
  let capacity = 1;
  while (capacity < rows) capacity *= 2;
  return capacity;
}

/** Gives positions of 16 bits the 32 that they have now. */
function widenPositions(snapshot: Snapshot): void {
  for (const { name, values } of snapshot.tables.flatMap((table) => table.columns)) {
    if ((name !== "x" && name !== "y") || values.case !== "numbers") continue;
    const narrow = values.value;
    const wide = new Uint32Array(Math.floor(narrow.length / 2));
    for (let row = 0; row < wide.length; row++) {
      wide[row] = (narrow[row * 2] ?? 0) | ((narrow[row * 2 + 1] ?? 0) << 8);
    }
    values.value = new Uint8Array(wide.buffer);
  }
}

/** Gives everyone the credits of one who is new. */
function addCredits(snapshot: Snapshot): void {
  for (const { name, columns } of snapshot.tables) {
    const ids = columns.find((column) => column.name === ID_COLUMN);
    if (name !== "players" || ids?.values.case !== "numbers") continue;
    const bytes = ids.values.value;
    const value = new Uint8Array(bytes.length / 4);
    for (let row = 0; row < value.length; row++) {
      const taken = bytes.subarray(row * 4, row * 4 + 4).some((byte) => byte !== 0);
      value[row] = taken ? ARENA_CREDITS_START : 0;
    }
    const values = { case: "numbers" as const, value };
    columns.push(create(SnapshotColumnSchema, { name: "credits", values }));
  }
}

function createStored(parameters: ArenaParameters, capacity: number): ArenaWorld {
  try {
    return createArena(parameters, { capacity });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SnapshotError("layout", reason, { cause });
  }
}

function indexPlayers(world: ArenaWorld): void {
  const { ids, rowCount, population, columns } = world.players;
  checkValues(world);
  for (let row = 0; row < rowCount; row++) {
    if (ids[row] !== 0) world.rowByPlayer.set(columns.playerId[row] ?? "", row);
  }
  if (world.rowByPlayer.size !== population) {
    throw new SnapshotError("layout", "a player is there twice; use an older one");
  }
}

function checkValues({ players, measures }: ArenaWorld): void {
  const { ids, rowCount, columns } = players;
  const bounds = [
    ["x", measures.xMax],
    ["y", measures.yMax],
    ["dx", 1],
    ["dy", 1],
    ["facingRight", 1],
    ["health", ARENA_HEALTH_MAX],
    ["credits", ARENA_CREDITS_MAX],
  ] as const;
  // Column by column: row by row takes several times as long for a hundred thousand.
  for (const [name, max] of bounds) {
    const values = columns[name];
    for (let row = 0; row < rowCount; row++) {
      const value = Math.abs(values[row] ?? 0);
      if (ids[row] === 0 || value <= max) continue;
      throw new SnapshotError(
        "layout",
        `players.${name} of row ${row} is ${value}, allowed is ${max} at most; use an older one`,
      );
    }
  }
}
