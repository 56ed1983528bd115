import { cellIndex, type GridShape } from "../../kernel/grid.ts";
import { divideUp } from "../../kernel/math.ts";
import {
  ARENA_ATTACK_COOLDOWN_MS,
  ARENA_ATTACK_DURATION_MS,
  ARENA_CELL_SIZE_MIN,
  ARENA_CELLS_MAX,
  ARENA_RESPAWN_DELAY_MS,
  ARENA_SIDE_MAX,
  ARENA_TICK_RATE_MAX,
  ARENA_TICK_RATE_MIN,
  ARENA_UNIT,
} from "./constants.ts";
import type { ArenaParameters } from "./messages.ts";

/** The arena as it is when nobody says otherwise. */
export const ARENA_PARAMETERS: ArenaParameters = Object.freeze({
  width: 2000,
  height: 2000,
  tickRate: 30,
  cellSize: 256,
  seed: 1,
});

/** Parameters in what the simulation counts in: tenths of a unit and ticks. */
export interface ArenaMeasures {
  /** Greatest x and y; the least are 0. */
  readonly xMax: number;
  readonly yMax: number;
  readonly attackTicks: number;
  readonly cooldownTicks: number;
  readonly respawnTicks: number;
  readonly grid: GridShape;
}

/** A frozen copy; throws a `RangeError` that names the parameter and what is allowed. */
export function checkArenaParameters(parameters: ArenaParameters): ArenaParameters {
  const { width, height, tickRate, cellSize, seed } = parameters;
  checkRange("width", width, [ARENA_CELL_SIZE_MIN, ARENA_SIDE_MAX]);
  checkRange("height", height, [ARENA_CELL_SIZE_MIN, ARENA_SIDE_MAX]);
  checkRange("tickRate", tickRate, [ARENA_TICK_RATE_MIN, ARENA_TICK_RATE_MAX]);
  checkRange("cellSize", cellSize, [ARENA_CELL_SIZE_MIN, ARENA_SIDE_MAX]);
  checkRange("seed", seed, [0, 0xffff_ffff]);
  checkCells(parameters);
  return Object.freeze({ width, height, tickRate, cellSize, seed });
}

/** Derives what the simulation counts in. */
export function measureArena(parameters: ArenaParameters): ArenaMeasures {
  const { width, height, tickRate } = parameters;
  const ticks = (durationMs: number) => divideUp(durationMs * tickRate, 1000);
  return Object.freeze({
    xMax: width * ARENA_UNIT,
    yMax: height * ARENA_UNIT,
    attackTicks: ticks(ARENA_ATTACK_DURATION_MS),
    cooldownTicks: ticks(ARENA_ATTACK_COOLDOWN_MS),
    respawnTicks: ticks(ARENA_RESPAWN_DELAY_MS),
    grid: arenaGrid(parameters),
  });
}

/** How an arena is cut into cells; the cell size is in tenths of a unit. */
export function arenaGrid(parameters: ArenaParameters): GridShape {
  const { width, height, cellSize } = parameters;
  return {
    cellSize: cellSize * ARENA_UNIT,
    columns: divideUp(width, cellSize),
    rows: divideUp(height, cellSize),
  };
}

/** Cell of a position in tenths of a unit, as `cellAt` with `arenaGrid`: row * columns + column. */
export function cellOf(x: number, y: number, parameters: ArenaParameters): number {
  const { width, height, cellSize } = parameters;
  const columns = divideUp(width, cellSize);
  const column = cellIndex(x, cellSize * ARENA_UNIT, columns);
  return cellIndex(y, cellSize * ARENA_UNIT, divideUp(height, cellSize)) * columns + column;
}

function checkCells({ width, height, cellSize }: ArenaParameters): void {
  const cells = divideUp(width, cellSize) * divideUp(height, cellSize);
  if (cells <= ARENA_CELLS_MAX) return;
  throw new RangeError(
    `cannot create arena: width ${width} and height ${height} make ${cells} cells with a ` +
      `cellSize of ${cellSize}, allowed are ${ARENA_CELLS_MAX}; raise cellSize`,
  );
}

function checkRange(
  name: string,
  value: number,
  [min, max]: readonly [min: number, max: number],
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    `cannot create arena: ${name} is ${value}, allowed is a whole number from ${min} to ${max}`,
  );
}
