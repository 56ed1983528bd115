import { create } from "@bufbuild/protobuf";
import { type RegionCells, RegionCellsSchema } from "#proto/region_pb.ts";
import type { CellChanges } from "#shared/time/cell-changes.ts";
import { REGIONS_MAX, type RegionNames } from "#shared/time/region-names.ts";

/** Writes in one message; more are refused. */
const CELLS_MAX = 262_144;

const REGION_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Bytes from another region that are not what they should be; the message says what is wrong. */
export class RegionMessageError extends Error {
  override readonly name = "RegionMessageError";
}

/** The rows `from` to `end` (not included) as a message. */
export function packCells(
  changes: CellChanges,
  regions: RegionNames,
  { from = 0, end = changes.length }: { from?: number; end?: number } = {},
): RegionCells {
  const cells = create(RegionCellsSchema);
  if (end <= from) return cells;
  const used = new RegionNumbers(regions, cells.regions);
  let baseHigh = changes.hi[from] ?? 0;
  for (let row = from + 1; row < end; row += 1) baseHigh = Math.min(baseHigh, changes.hi[row] ?? 0);
  cells.baseHigh = baseHigh;
  let lastX = 0;
  let lastY = 0;
  for (let row = from; row < end; row += 1) {
    const x = changes.x[row] ?? 0;
    const y = changes.y[row] ?? 0;
    cells.x.push((x - lastX) | 0);
    cells.y.push((y - lastY) | 0);
    lastX = x;
    lastY = y;
    cells.layer.push(((changes.layer[row] ?? 0) << 1) | (changes.gone[row] ?? 0));
    cells.high.push((changes.hi[row] ?? 0) - baseHigh);
    cells.low.push(changes.lo[row] ?? 0);
    cells.region.push(used.numberOf(changes.region[row] ?? 0));
    cells.value.push(changes.value[row] ?? 0);
  }
  if (cells.regions.length === 1) cells.region = [];
  return cells;
}

/** Appends the writes of a message; throws RegionMessageError when they are none. */
export function unpackCells(cells: RegionCells, regions: RegionNames, into: CellChanges): void {
  const { x: xs, y: ys, layer: layers, high, low, region, value, baseHigh } = cells;
  checkColumns(cells);
  const numbers = cells.regions.map((name) => numberOf(name, regions));
  const first = numbers[0] ?? 0;
  let x = 0;
  let y = 0;
  for (let at = 0; at < xs.length; at += 1) {
    x = (x + (xs[at] ?? 0)) | 0;
    y = (y + (ys[at] ?? 0)) | 0;
    const number = region.length === 0 ? first : numbers[region[at] ?? 0];
    if (number === undefined) throw new RegionMessageError("cannot read cells: a region unnamed");
    const row = into.grow();
    const layer = layers[at] ?? 0;
    into.x[row] = x;
    into.y[row] = y;
    into.layer[row] = layer >>> 1;
    into.gone[row] = layer & 1;
    into.hi[row] = baseHigh + (high[at] ?? 0);
    into.lo[row] = low[at] ?? 0;
    into.region[row] = number;
    into.value[row] = value[at] ?? 0;
  }
}

function checkColumns(cells: RegionCells): void {
  const rows = cells.x.length;
  if (rows > CELLS_MAX) {
    throw new RegionMessageError(`cannot read cells: ${rows} writes, at most are ${CELLS_MAX}`);
  }
  const columns = [cells.y, cells.layer, cells.high, cells.low, cells.value];
  if (cells.region.length > 0) columns.push(cells.region);
  if (columns.some((column) => column.length !== rows)) {
    throw new RegionMessageError("cannot read cells: columns of different lengths");
  }
  if (rows > 0 && cells.regions.length === 0) {
    throw new RegionMessageError("cannot read cells: no region is named");
  }
  if (cells.layer.some((layer) => layer > 0x1ff)) {
    throw new RegionMessageError("cannot read cells: a layer beyond 255");
  }
}

function numberOf(name: string, regions: RegionNames): number {
  if (!REGION_NAME.test(name)) {
    throw new RegionMessageError(`cannot read cells: ${JSON.stringify(name)} is no region's name`);
  }
  if (!regions.all.includes(name) && regions.all.length >= REGIONS_MAX) {
    throw new RegionMessageError(`cannot read cells: more than ${REGIONS_MAX} regions`);
  }
  return regions.indexOf(name);
}

/** A message's own numbers of regions: those that occur in it, in order of occurrence. */
class RegionNumbers {
  readonly #regions: RegionNames;
  readonly #names: string[];
  readonly #numbers: number[] = [];

  constructor(regions: RegionNames, names: string[]) {
    this.#regions = regions;
    this.#names = names;
  }

  numberOf(region: number): number {
    const known = this.#numbers[region];
    if (known !== undefined) return known;
    const number = this.#names.push(this.#regions.nameOf(region)) - 1;
    this.#numbers[region] = number;
    return number;
  }
}
