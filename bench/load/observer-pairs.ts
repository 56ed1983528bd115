import type { LoadClient } from "./load-client.ts";

/** Turns whose sight is measured come from so many clients at most. */
const PAIRS_MAX = 200;
/** Units on a side of the squares in which neighbours are looked for. */
const SQUARE = 256;
/** Clients of a square that are looked at; in a dense crowd any of them will do. */
const LOOKED_AT_MAX = 8;

/**
 * Gives a sample of clients an observer: the nearest other client that must see them. To be called
 * now and then, since both walk.
 */
export function pairObservers(clients: readonly LoadClient[], nowMs: number): void {
  const placed = clients.filter(({ state, motion }) => state === "playing" && motion.isPlaced);
  for (const client of clients) client.observer = undefined;
  const squares = sortIntoSquares(placed, nowMs);
  const taken = new Set<LoadClient>();
  const step = Math.max(1, Math.floor(placed.length / PAIRS_MAX));
  for (let index = 0; index < placed.length && taken.size < PAIRS_MAX; index += step) {
    const subject = placed[index];
    if (subject === undefined) continue;
    const observer = findNearest(subject, squares, { taken, nowMs });
    if (observer === undefined) continue;
    taken.add(observer);
    subject.observer = observer;
  }
}

type Squares = Map<number, LoadClient[]>;

function sortIntoSquares(clients: readonly LoadClient[], nowMs: number): Squares {
  const squares: Squares = new Map();
  for (const client of clients) {
    const { x, y } = client.motion.placeAt(nowMs);
    const key = squareKey(Math.floor(x / SQUARE), Math.floor(y / SQUARE));
    const members = squares.get(key);
    if (members === undefined) squares.set(key, [client]);
    else if (members.length < LOOKED_AT_MAX) members.push(client);
  }
  return squares;
}

function findNearest(
  subject: LoadClient,
  squares: Squares,
  { taken, nowMs }: { taken: ReadonlySet<LoadClient>; nowMs: number },
): LoadClient | undefined {
  const { x, y } = subject.motion.placeAt(nowMs);
  let nearest: LoadClient | undefined;
  let leastDistance = Number.POSITIVE_INFINITY;
  for (let row = -1; row <= 1; row++) {
    for (let column = -1; column <= 1; column++) {
      const key = squareKey(Math.floor(x / SQUARE) + column, Math.floor(y / SQUARE) + row);
      for (const other of squares.get(key) ?? []) {
        if (other === subject || taken.has(other) || !other.sees(subject, nowMs)) continue;
        const there = other.motion.placeAt(nowMs);
        const distance = Math.hypot(there.x - x, there.y - y);
        if (distance >= leastDistance) continue;
        nearest = other;
        leastDistance = distance;
      }
    }
  }
  return nearest;
}

/** Worlds have fewer than 65,536 squares on a side; one is added so that none is negative. */
function squareKey(column: number, row: number): number {
  return (row + 1) * 65_536 + column + 1;
}
