import { expect, test } from "bun:test";
import { CellChanges } from "#shared/time/cell-changes.ts";
import { makeStamp } from "#shared/time/hybrid-clock.ts";
import { RemoteBacklog, TICK_CELLS_MAX, TICK_CHUNKS_MAX } from "./remote-backlog.ts";

function cellsAt(places: readonly (readonly [number, number])[]): CellChanges {
  return CellChanges.of(
    places.map(([x, y], value) => {
      return { x, y, layer: 0, stamp: makeStamp(1), region: 0, value };
    }),
  );
}

const chunksOf = ({ x, y, length }: CellChanges) =>
  new Set(Array.from({ length }, (_, row) => `${(x[row] ?? 0) >> 4} ${(y[row] ?? 0) >> 4}`)).size;

test("a tick is given so many writes, and the owner is told with the last of them", () => {
  const backlog = new RemoteBacklog<string>();
  backlog.add(cellsAt(Array.from({ length: TICK_CELLS_MAX + 5 }, () => [1, 1])), "ann");
  backlog.add(cellsAt([[2, 2]]), "bob");
  const first = backlog.take();
  expect([first.cells.length, first.done]).toEqual([TICK_CELLS_MAX, []]);
  expect(backlog.length).toBe(6);
  const second = backlog.take();
  expect([second.cells.length, second.done]).toEqual([6, ["ann", "bob"]]);
  expect(backlog.take()).toMatchObject({ done: [] });
});

test("a tick is given so many chunks, and each chunk in as few ticks as can be", () => {
  const backlog = new RemoteBacklog<string>();
  const places = Array.from({ length: 900 }, (_, at): [number, number] => {
    return [((at * 7) % 30) * 16, ((at * 11) % 10) * 16];
  });
  backlog.add(cellsAt(places), "ann");
  let ticks = 0;
  let cells = 0;
  for (let done: string[] = []; done.length === 0; ticks += 1) {
    const taken = backlog.take();
    expect(chunksOf(taken.cells)).toBeLessThanOrEqual(TICK_CHUNKS_MAX);
    cells += taken.cells.length;
    done = taken.done;
  }
  expect(cells).toBe(900);
  expect(ticks).toBe(Math.ceil(chunksOf(cellsAt(places)) / TICK_CHUNKS_MAX));
});
