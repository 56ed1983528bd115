import { emptyRect, watch } from "../../../shards/loop/interest.ts";
import type { LoadClient } from "../../load/load-client.ts";

/** The world as its watchers are given it; units. */
export interface WatchedWorld {
  readonly side: number;
  readonly cell: number;
  readonly viewport: { readonly width: number; readonly height: number };
}

/** How much a client has before it, as a mean over all clients. */
export interface WatchedMeans {
  readonly cells: number;
  readonly entities: number;
}

/** By the shard's own rule for what is watched, from where the clients believe they are. */
export function measureWatched(
  clients: readonly LoadClient[],
  world: WatchedWorld,
  nowMs: number,
): WatchedMeans {
  const { side, cell, viewport } = world;
  const columns = Math.ceil(side / cell);
  const grid = { cellSize: cell, columns, rows: columns };
  const places = clients
    .filter(({ state, motion }) => state === "playing" && motion.isPlaced)
    .map(({ motion }) => motion.placeAt(nowMs));
  const population = new Uint32Array(columns * columns);
  for (const { x, y } of places) {
    const index = cellOf(y, cell, columns) * columns + cellOf(x, cell, columns);
    population[index] = (population[index] ?? 0) + 1;
  }
  let cells = 0;
  let entities = 0;
  for (const place of places) {
    const rect = emptyRect();
    watch(rect, grid, { ...place, ...viewport });
    for (let row = rect.top; row < rect.bottom; row++) {
      for (let column = rect.left; column < rect.right; column++) {
        cells += 1;
        entities += population[row * columns + column] ?? 0;
      }
    }
  }
  const count = Math.max(1, places.length);
  return { cells: cells / count, entities: entities / count };
}

function cellOf(units: number, cell: number, columns: number): number {
  return Math.min(columns - 1, Math.max(0, Math.floor(units / cell)));
}
