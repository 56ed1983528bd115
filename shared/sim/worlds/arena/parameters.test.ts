import { describe, expect, test } from "bun:test";
import { cellAt } from "../../kernel/grid.ts";
import type { ArenaParameters } from "./messages.ts";
import {
  ARENA_PARAMETERS,
  arenaGrid,
  cellOf,
  checkArenaParameters,
  measureArena,
} from "./parameters.ts";

describe("checkArenaParameters", () => {
  test.each<[Partial<ArenaParameters>, string]>([
    [{ width: 47 }, "width is 47, allowed is a whole number from 48 to 65535"],
    [{ height: 65_536 }, "height is 65536, allowed is a whole number from 48 to 65535"],
    [{ width: 100.5 }, "width is 100.5, allowed is a whole number from 48 to 65535"],
    [{ tickRate: 19 }, "tickRate is 19, allowed is a whole number from 20 to 60"],
    [{ tickRate: 61 }, "tickRate is 61, allowed is a whole number from 20 to 60"],
    [{ cellSize: 47 }, "cellSize is 47, allowed is a whole number from 48 to 65535"],
    [{ seed: -1 }, "seed is -1, allowed is a whole number from 0 to 4294967295"],
    [{ seed: Number.NaN }, "seed is NaN, allowed is a whole number from 0 to 4294967295"],
  ])("refuses %j", (change, reason) => {
    const check = () => checkArenaParameters({ ...ARENA_PARAMETERS, ...change });
    expect(check).toThrow(new RangeError(`cannot create arena: ${reason}`));
  });

  test("takes what is at the ends", () => {
    const parameters = { width: 48, height: 65_535, tickRate: 60, cellSize: 48, seed: 0xffff_ffff };
    expect(checkArenaParameters(parameters)).toEqual(parameters);
    expect(Object.isFrozen(checkArenaParameters(parameters))).toBe(true);
  });

  test("refuses more cells than a send tick has room for", () => {
    const square = (side: number) => ({
      ...ARENA_PARAMETERS,
      width: side * 48,
      height: side * 48,
      cellSize: 48,
    });
    expect(arenaGrid(checkArenaParameters(square(128)))).toMatchObject({ columns: 128, rows: 128 });
    expect(() => checkArenaParameters(square(129))).toThrow(
      new RangeError(
        "cannot create arena: width 6192 and height 6192 make 16641 cells with a cellSize of 48, " +
          "allowed are 16384; raise cellSize",
      ),
    );
  });
});

test.each([
  [20, 20, 60],
  [24, 24, 72],
  [30, 30, 90],
  [60, 60, 180],
])("at %d ticks a second an attack takes %d and a death %d", (tickRate, attack, respawn) => {
  const measures = measureArena({ ...ARENA_PARAMETERS, tickRate });
  expect([measures.attackTicks, measures.cooldownTicks]).toEqual([attack, attack]);
  expect(measures.respawnTicks).toBe(respawn);
});

describe("cells", () => {
  test("cover the whole world", () => {
    expect(arenaGrid(ARENA_PARAMETERS)).toEqual({ cellSize: 2560, columns: 8, rows: 8 });
  });

  test.each([
    [0, 0, 0],
    [2559, 0, 0],
    [2560, 0, 1],
    [0, 2560, 8],
    [20_000, 20_000, 63],
  ])("(%d, %d) is in cell %d", (x, y, cell) => {
    expect(cellOf(x, y, ARENA_PARAMETERS)).toBe(cell);
    expect(cellAt(x, y, arenaGrid(ARENA_PARAMETERS))).toBe(cell);
  });

  test("an edge that is a multiple of the cell size belongs to the last cell", () => {
    const parameters = { ...ARENA_PARAMETERS, width: 512, height: 256 };
    expect(cellOf(5120, 2560, parameters)).toBe(1);
  });
});
