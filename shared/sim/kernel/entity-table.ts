// Entities as rows of parallel arrays.
//
//   row          0          1          2
//   ids          0x100000   0          0x300002      id = generation << 20 | row; 0 = free row
//   generations  1          4          3             the last one that was given out, or skipped
//   columns.x    120        0          77            a free row holds zeros and ""
//
// A reference to an entity is its id. When the row is given to the next entity, the generation
// rises, so that an old id finds nothing instead of a stranger. The lowest free row is always taken
// next: which row an entity gets depends on the state alone, not on the order in which rows were
// freed, and a table that was read from a snapshot goes on like the one that was written.
//
// After a crash a world may go on from some ticks before the last ones that were shown. In those
// ticks rows were given to entities that never were, and clients may still name them. So each
// start skips generations in all rows; rows that are used for the first time begin with the
// generation of the first row, which has skipped as many. An id that was shown is another entity's
// only after as many starts as skip through all generations.

import { clearRowTexts, createTexts, type TableTexts, writeRowTexts } from "./texts.ts";
import { createColumns, createNumbers } from "./unsafe.ts";

const ROW_BITS = 20;
const ROW_MASK = (1 << ROW_BITS) - 1;

/** Most rows that a table can have. */
export const TABLE_CAPACITY_MAX = 1 << ROW_BITS;

/** Generations count from 1 to this and start again; 0 says that the row was never used. */
export const GENERATION_MAX = 4095;

/**
 * Generations that a start skips: more entities than a row can have held, one after the other, in
 * the ticks that a crash may cost. It shares no factor with GENERATION_MAX.
 */
const GENERATIONS_SKIPPED = 256;

export type ColumnType = "u8" | "i8" | "u16" | "i32" | "u32" | "f64" | "string";

/** Column names with their types, in the order in which they are hashed and stored. */
export type ColumnSchema = Readonly<Record<string, ColumnType>>;

interface ColumnArrays {
  u8: Uint8Array;
  i8: Int8Array;
  u16: Uint16Array;
  i32: Int32Array;
  u32: Uint32Array;
  f64: Float64Array;
  /** Written by `writeTexts` only. */
  string: readonly string[];
}

export type NumberColumn = ColumnArrays[Exclude<ColumnType, "string">];

export type Columns<Schema extends ColumnSchema> = {
  readonly [Name in keyof Schema]: ColumnArrays[Schema[Name]];
};

/** New texts of a row, by the names of their columns. */
export type RowTexts<Schema extends ColumnSchema> = {
  readonly [Name in keyof Schema as Schema[Name] extends "string" ? Name : never]?: string;
};

/** A table; only the functions of this file change `ids`, `rowCount` and `population`. */
export interface EntityTable<Schema extends ColumnSchema = ColumnSchema> {
  readonly name: string;
  readonly schema: Schema;
  readonly capacity: number;
  /** Entity in each row; 0 for a free row. */
  readonly ids: Uint32Array;
  readonly generations: Uint16Array;
  readonly columns: Columns<Schema>;
  readonly texts: TableTexts;
  /** One past the highest row that was ever used; loops over rows end here. */
  rowCount: number;
  /** Entities in the table. */
  population: number;
  /** No row below this one is free; saves searching from the start. */
  freeRowMin: number;
}

/** An empty table with room for `capacity` entities, all of it allocated now. */
export function createEntityTable<Schema extends ColumnSchema>(
  name: string,
  schema: Schema,
  capacity: number,
): EntityTable<Schema> {
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > TABLE_CAPACITY_MAX) {
    throw new RangeError(
      `cannot create table ${name}: capacity is ${capacity}, allowed is 1 to ${TABLE_CAPACITY_MAX}`,
    );
  }
  const texts = createTexts(
    Object.keys(schema).filter((column) => schema[column] === "string"),
    capacity,
  );
  return {
    name,
    schema,
    capacity,
    ids: createNumbers("u32", capacity),
    generations: createNumbers("u16", capacity),
    columns: createColumns(schema, capacity, texts),
    texts,
    rowCount: 0,
    population: 0,
    freeRowMin: 0,
  };
}

/** Row of a new entity, all zeros, or -1 when the table is full. */
export function addEntity(table: EntityTable): number {
  const row = findFreeRow(table);
  if (row === -1) return -1;
  occupyRow(table, row, entityId(row, nextGeneration(table, row)));
  return row;
}

/** The world goes on after a start: no new entity gets an id that may have been shown before. */
export function skipGenerations(table: EntityTable): void {
  table.rowCount = Math.max(1, table.rowCount);
  for (let row = 0; row < table.rowCount; row++) {
    table.generations[row] = ((table.generations[row] ?? 0) + GENERATIONS_SKIPPED) % GENERATION_MAX;
    if (table.generations[row] === 0) table.generations[row] = GENERATION_MAX;
  }
}

/**
 * Row of an entity that has its id from another table, for a client that predicts its own player:
 * a table with fewer rows folds the id's row into its own. What stood in that row is removed.
 */
export function placeEntity(table: EntityTable, id: number): number {
  const row = foldedRow(table, id);
  if (generationOf(id) === 0) {
    throw new RangeError(`cannot place entity ${id}: an entity's id has a generation above 0`);
  }
  if (table.ids[row] !== 0) removeEntity(table, row);
  occupyRow(table, row, id);
  return row;
}

/** Gives a row texts; those that are not named stay. */
export function writeTexts<Schema extends ColumnSchema>(
  table: EntityTable<Schema>,
  row: number,
  texts: RowTexts<Schema>,
): void {
  writeRowTexts(table.texts, row, texts);
}

/** Frees a row; its values become zeros and empty strings. */
export function removeEntity(table: EntityTable, row: number): void {
  if ((table.ids[row] ?? 0) === 0) {
    throw new RangeError(`cannot remove row ${row} of table ${table.name}: it holds no entity`);
  }
  table.ids[row] = 0;
  for (const name in table.schema) {
    const column = table.columns[name];
    if (column !== undefined && !isTexts(column)) column[row] = 0;
  }
  clearRowTexts(table.texts, row);
  table.population -= 1;
  if (row < table.freeRowMin) table.freeRowMin = row;
}

/** Tells the columns of texts from those of numbers. */
export function isTexts(column: NumberColumn | readonly string[]): column is readonly string[] {
  return Array.isArray(column);
}

/** Row of an entity, or -1 when it is not in the table (any more). */
export function rowOf(table: EntityTable, id: number): number {
  if (id === 0) return -1;
  const row = foldedRow(table, id);
  return table.ids[row] === id ? row : -1;
}

/** The id that an entity has in a row's generation. */
export function entityId(row: number, generation: number): number {
  return ((generation << ROW_BITS) | row) >>> 0;
}

/** Generation part of an id. */
export function generationOf(id: number): number {
  return id >>> ROW_BITS;
}

/** Counts rows and entities again after ids and generations were written from outside. */
export function recountTable(table: EntityTable, rowCount: number): void {
  table.rowCount = rowCount;
  table.population = 0;
  table.freeRowMin = 0;
  for (let row = 0; row < rowCount; row++) {
    if (table.ids[row] !== 0) table.population += 1;
  }
}

function findFreeRow(table: EntityTable): number {
  if (table.population === table.capacity) return -1;
  let row = table.freeRowMin;
  while (table.ids[row] !== 0) row++;
  table.freeRowMin = row;
  return row;
}

function occupyRow(table: EntityTable, row: number, id: number): void {
  table.ids[row] = id;
  table.generations[row] = generationOf(id);
  table.population += 1;
  if (row >= table.rowCount) table.rowCount = row + 1;
}

function foldedRow(table: EntityTable, id: number): number {
  const row = id & ROW_MASK;
  return row < table.capacity ? row : row % table.capacity;
}

function nextGeneration({ generations }: EntityTable, row: number): number {
  const last = generations[row] ?? 0;
  if (last === 0 && row > 0) return Math.max(1, generations[0] ?? 0);
  return last >= GENERATION_MAX ? 1 : last + 1;
}
