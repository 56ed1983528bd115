// Players of a world of blocks who change much of the land, for tests of what all regions have.
import { Block, isPlaceable } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { type BlocksSession, createClient } from "../client/index.ts";
import { createMemoryStorage } from "../client/sdk/token-store.ts";

/** How far from where it stands a settler works, in blocks; the rules allow a little more. */
const REACH = 4;
const FLOOR = 0;
const ACTIVE = 1;
const CEILING = 2;
/** Blocks that one works at at once. */
const HANDS = 12;
/** How far it goes on before it works again. */
const STEP = 2 * REACH;
/** Directions in a row in which there was no way on. */
const HALTS_MAX = 8;

/** A guest's session in a region that is known to serve. */
export async function joinIn(url: string, region: string): Promise<BlocksSession> {
  const client = createClient({ url, storage: createMemoryStorage() });
  await client.guest({ displayName: `From ${region}` });
  // The server hears of shards over the bus.
  await until(`a shard in ${region}`, async () => {
    const { worlds } = await client.api.worlds.list.query();
    const blocks = worlds.find(({ id }) => id === "blocks");
    return blocks?.regions.some((one) => one.region === region && one.online);
  });
  const session = await client.join("blocks", { region, viewport: { width: 100, height: 75 } });
  await until(`${region} knows where it is`, () => {
    return session.sample().self !== null && session.selfState.inventory.length > 0;
  });
  return session;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly layer: number;
}

/**
 * Digs up the grass, fells trees and puts roofs on what it has, going on where all is done, until
 * so many blocks are changed. Which they are: all of them acknowledged.
 */
export async function settle(session: BlocksSession, count: number): Promise<Place[]> {
  const changed: Place[] = [];
  const tried = new Set<string>();
  let heading = session.entityId % 4;
  let halts = 0;
  while (changed.length < count) {
    const jobs = jobsOf(session, tried).slice(0, Math.min(HANDS, count - changed.length));
    if (jobs.length === 0) {
      if (!(await walk(session, heading))) {
        heading = (heading + 1) % 4;
        halts += 1;
        if (halts > HALTS_MAX) throw new Error("cannot settle: no way leads on; look at the land");
      }
      continue;
    }
    halts = 0;
    const done = await Promise.allSettled(jobs.map((place) => work(session, place)));
    for (const [at, { status }] of done.entries()) {
      const job = jobs[at];
      if (job !== undefined && status === "fulfilled") changed.push(job);
    }
  }
  return changed;
}

function jobsOf(session: BlocksSession, tried: Set<string>): Place[] {
  const { self, land } = session.sample();
  if (self === null) return [];
  const [x, y] = [Math.floor(self.x), Math.floor(self.y)];
  const around = Array.from({ length: (2 * REACH + 1) ** 2 }, (_, step) => ({
    x: x + (step % (2 * REACH + 1)) - REACH,
    y: y + Math.floor(step / (2 * REACH + 1)) - REACH,
  })).filter((place) => Math.hypot(place.x - x, place.y - y) <= REACH);
  const isNew = ({ x, y, layer }: Place) => !tried.has(`${x} ${y} ${layer}`);
  const grass = around
    .map((place) => ({ ...place, layer: FLOOR }))
    .filter((place) => isNew(place) && land.block(place.x, place.y, FLOOR)?.id === Block.Grass);
  // What is in the way is felled.
  const trees = around
    .map((place) => ({ ...place, layer: ACTIVE }))
    .filter((place) => isNew(place) && land.block(place.x, place.y, ACTIVE)?.id === Block.Tree);
  if (roofSlot(session) === -1) return note(tried, [...trees, ...grass]);
  const roofs = around
    .map((place) => ({ ...place, layer: CEILING }))
    .filter((place) => isNew(place) && land.block(place.x, place.y, CEILING)?.id === Block.Air);
  return note(tried, [...roofs.slice(0, 4), ...trees.slice(0, 2), ...grass]);
}

/** Each is tried once: somebody else may have been there first. */
function note(tried: Set<string>, places: Place[]): Place[] {
  const chosen = places.slice(0, HANDS);
  for (const { x, y, layer } of chosen) tried.add(`${x} ${y} ${layer}`);
  return chosen;
}

function roofSlot({ selfState }: BlocksSession): number {
  return selfState.inventory.findIndex(({ item, count }) => count > 4 && isPlaceable(item));
}

async function work(session: BlocksSession, place: Place): Promise<void> {
  if (place.layer !== CEILING) await session.perform({ case: "buildBreak", place });
  else await session.perform({ case: "buildPlace", place, slot: roofSlot(session) });
}

/** Goes on by a step, east, south, west or north; false where something is in the way. */
async function walk(session: BlocksSession, heading: number): Promise<boolean> {
  const [dx = 0, dy = 0] =
    [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ][heading] ?? [];
  const at = () => {
    const { self } = session.sample();
    return { x: self?.x ?? 0, y: self?.y ?? 0 };
  };
  const start = at();
  session.setControls(dx, dy);
  try {
    await until(
      "a step",
      () => Math.abs(at().x - start.x) + Math.abs(at().y - start.y) >= STEP,
      4_000,
    );
    return true;
  } catch {
    return false;
  } finally {
    session.setControls(0, 0);
  }
}
