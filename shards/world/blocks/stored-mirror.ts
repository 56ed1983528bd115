// The register of a mirrored world in snapshots: one more table, a column for each of its own.
import { create } from "@bufbuild/protobuf";
import { type Snapshot, type SnapshotTable, SnapshotTableSchema } from "#proto/journal_pb.ts";
import {
  type BlocksWorld,
  restoreMirror,
  SnapshotError,
  stampBits,
  stampOf,
} from "#shared/sim/index.ts";
import { CellChanges } from "#shared/time/cell-changes.ts";

/** Its name among the tables. */
export const MIRROR_TABLE = "mirror";

/** A column of the register as the bytes in which it lies. */
export interface MirrorColumn {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** All columns of a world's register, not copied. */
export function mirrorColumns({ mirror }: BlocksWorld): readonly MirrorColumn[] {
  const { cells } = mirror.register;
  return Object.entries(columnsOf(cells)).map(([name, column]) => ({
    name,
    bytes: new Uint8Array(column.buffer, 0, cells.length * column.BYTES_PER_ELEMENT),
  }));
}

/** The register as a table of a snapshot. */
export function encodeMirror(world: BlocksWorld): SnapshotTable {
  return create(SnapshotTableSchema, {
    name: MIRROR_TABLE,
    rows: world.mirror.register.size,
    columns: mirrorColumns(world).map(({ name, bytes }) => ({
      name,
      values: { case: "numbers" as const, value: bytes.slice() },
    })),
  });
}

/** What a snapshot has of the mirror beside the table. */
export function mirrorHead({ mirror }: BlocksWorld) {
  return { regions: [...mirror.regions.all], seen: stampBits(mirror.seen) };
}

/** Puts the register of a snapshot into a world that was just made. */
export function restoreStoredMirror(world: BlocksWorld, snapshot: Snapshot): void {
  const regions = snapshot.blocksLand?.regions ?? [];
  const seen = snapshot.blocksLand?.seen ?? 0n;
  const table = snapshot.tables.find(({ name }) => name === MIRROR_TABLE);
  const cells = table === undefined ? new CellChanges() : readCells(table);
  for (let row = 0; row < cells.length; row++) {
    if ((cells.region[row] ?? 0) >= regions.length) throw damaged();
  }
  restoreMirror(world, { regions, cells, seen: stampOf(seen) });
}

function readCells(table: SnapshotTable): CellChanges {
  const cells = new CellChanges();
  for (let row = 0; row < table.rows; row++) cells.grow();
  for (const [name, column] of Object.entries(columnsOf(cells))) {
    const values = table.columns.find((each) => each.name === name)?.values;
    const bytes = values?.case === "numbers" ? values.value : new Uint8Array();
    if (bytes.length !== table.rows * column.BYTES_PER_ELEMENT) throw damaged();
    new Uint8Array(column.buffer).set(bytes);
  }
  return cells;
}

function columnsOf(cells: CellChanges) {
  const { x, y, layer, hi, lo, region, value, gone } = cells;
  return { x, y, layer, hi, lo, region, value, gone };
}

function damaged(): SnapshotError {
  return new SnapshotError(
    "layout",
    "the register of the land cannot be read; the snapshot is damaged, use an older one",
  );
}
