import {
  type ArenaEntityRecord,
  writeArenaEntity,
  writeArenaEntityRows,
} from "#shared/net/arena-frames.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import type { CodecForm } from "./codec-case.ts";
import type { CodecEntities } from "./codec-entities.ts";

const TICK_CELLS = 3;
const TICK_MOVES = 6;
const CELL_NUMBER = 1;
const CELL_KEYFRAME = 2;
const CELL = 612;

/** Everybody turned: one row of `arena_moves` each. */
export const moves: CodecForm = {
  message: ({ count, ids, dxs, dys, poses }) => ({
    arenaMoves: Array.from({ length: count }, (_, row) => [
      ids[row] ?? 0,
      zigzag(dxs[row] ?? 0),
      zigzag(dys[row] ?? 0),
      poses[row] ?? 0,
    ]).flat(),
  }),
  write(writer, { count, ids, dxs, dys, poses }) {
    const start = writer.begin(TICK_MOVES);
    for (let row = 0; row < count; row++) {
      writer.packed(ids[row] ?? 0);
      writer.packed(zigzag(dxs[row] ?? 0));
      writer.packed(zigzag(dys[row] ?? 0));
      writer.packed(poses[row] ?? 0);
    }
    writer.end(start);
  },
};

/** Everybody was hit or has scored: a cell's delta with one record each, without names. */
export const records: CodecForm = {
  message: (entities) => ({ cells: [{ cell: CELL, arenaEntities: listRecords(entities, false) }] }),
  write: (writer, entities) => writeCell(writer, entities, false),
};

/** The cell is new to its watcher: its keyframe, with names. */
export const keyframe: CodecForm = {
  message: (entities) => ({
    cells: [{ cell: CELL, keyframe: true, arenaEntities: listRecords(entities, true) }],
  }),
  write: (writer, entities) => writeCell(writer, entities, true),
};

const record: ArenaEntityRecord = { id: 0, x: 0, y: 0, pose: 0, wounds: 0, score: 0, name: "" };

function writeCell(writer: WireWriter, entities: CodecEntities, isKeyframe: boolean): void {
  const start = writer.begin(TICK_CELLS);
  writer.uint32(CELL_NUMBER, CELL);
  writer.bool(CELL_KEYFRAME, isKeyframe);
  if (isKeyframe) {
    for (let row = 0; row < entities.count; row++) {
      fillRecord(entities, row, true);
      writeArenaEntity(writer, record);
    }
  } else writeArenaEntityRows(writer, entities, entities.rows, entities.count);
  writer.end(start);
}

function fillRecord(entities: CodecEntities, row: number, withName: boolean): void {
  record.id = entities.ids[row] ?? 0;
  record.x = entities.xs[row] ?? 0;
  record.y = entities.ys[row] ?? 0;
  record.pose = entities.poses[row] ?? 0;
  record.wounds = entities.wounds[row] ?? 0;
  record.score = entities.scores[row] ?? 0;
  record.name = withName ? (entities.names[row] ?? "") : "";
}

function listRecords(entities: CodecEntities, withNames: boolean): ArenaEntityRecord[] {
  return Array.from({ length: entities.count }, (_, row) => {
    fillRecord(entities, row, withNames);
    return { ...record };
  });
}

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}
