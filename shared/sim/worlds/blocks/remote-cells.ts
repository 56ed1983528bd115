import type { CellChanges } from "#shared/time/cell-changes.ts";
import type { RegionNames } from "#shared/time/region-names.ts";
import type { BlocksCell, BlocksRemote } from "./messages.ts";
import { stampBits } from "./mirror.ts";

const NO_METADATA = new Uint8Array();

/** Writes to cells as inputs of a world: one for each region that wrote, in the order of rows. */
export function toRemotes(changes: CellChanges, regions: RegionNames): BlocksRemote[] {
  const byRegion = new Map<number, BlocksCell[]>();
  for (let row = 0; row < changes.length; row++) {
    const { region, stamp, value, gone, ...place } = changes.at(row);
    const cells = byRegion.get(region) ?? [];
    byRegion.set(region, cells);
    const written = { block: value, stamp: stampBits(stamp), gone: gone === true };
    cells.push({ ...place, ...written, metadata: NO_METADATA });
  }
  return [...byRegion].map(([region, cells]) => ({ region: regions.nameOf(region), cells }));
}
