import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { CellMembers } from "./cell-members.ts";

const CELLS = 5;
const ROWS = 40;

function rowsOf(members: CellMembers, cell: number): number[] {
  const rows: number[] = [];
  for (let node = members.first(cell); node >= 0; node = members.next(node)) {
    rows.push(members.value(node));
  }
  return rows.sort((left, right) => left - right);
}

test("rows are in the cell that they went to last, whatever came and went", () => {
  const random = createRandom(5);
  const members = new CellMembers(CELLS, ROWS);
  const cellOf = new Map<number, number>();
  for (let round = 0; round < 5_000; round++) {
    const row = random.below(ROWS);
    const cell = random.below(CELLS);
    const before = cellOf.get(row);
    if (before !== undefined) members.remove(before, row);
    cellOf.delete(row);
    if (random.below(3) > 0) {
      members.add(cell, row);
      cellOf.set(row, cell);
    }
    const expected = [...cellOf].flatMap(([at, where]) => (where === cell ? [at] : []));
    expect(rowsOf(members, cell)).toEqual(expected.sort((left, right) => left - right));
    expect(members.count(cell, 4)).toBe(Math.min(4, expected.length));
  }
});
