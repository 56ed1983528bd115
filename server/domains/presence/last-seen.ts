// Where players were seen last: at hand for whoever asks, in the database some seconds later.
import { sql } from "drizzle-orm";
import { lastSeen } from "#shared/infra/db/schema/control.ts";
import type { PlayerId, ShardKey } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";
import { HotCache, type HotCacheOptions } from "../../hot-cache.ts";

/** Of a player who moves, a position is kept so often. */
const KEEP_EVERY_MS = 5_000;
/** Players that are somewhere; of one more the one that was seen first is kept and let go. */
const PLAYERS_MAX = 200_000;

/** A place and a time. */
export interface Sighting {
  readonly shardKey: ShardKey;
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
}

interface Options extends Pick<HotCacheOptions<Sighting>, "bus" | "clock" | "log" | "metrics"> {
  readonly database: ControlDatabase;
}

/** The sightings of all players, in one server of several. */
export class LastSeen {
  readonly #clock: Clock;
  readonly #cache: HotCache<Sighting>;
  /** The latest of those who are somewhere. */
  readonly #latest = new Map<PlayerId, Sighting & { keptMs: number }>();

  constructor({ database, ...parts }: Options) {
    this.#clock = parts.clock;
    this.#cache = new HotCache({
      ...parts,
      name: "last-seen",
      read: (keys) => readSightings(database, keys),
      write: (items) => writeSightings(database, items),
    });
  }

  /** Somebody is there. */
  seen(playerId: PlayerId, { shardKey, x, y }: Omit<Sighting, "atMs">): void {
    const atMs = Math.trunc(this.#clock.wallMs());
    const nowMs = this.#clock.monotonicMs();
    const known = this.#latest.get(playerId);
    const isDue = known === undefined || nowMs - known.keptMs >= KEEP_EVERY_MS;
    this.#latest.set(playerId, { shardKey, x, y, atMs, keptMs: isDue ? nowMs : known.keptMs });
    if (this.#latest.size > PLAYERS_MAX) {
      const [first] = this.#latest.keys();
      if (first !== undefined) this.left(first);
    }
    if (isDue) this.#cache.put(playerId, { shardKey, x, y, atMs });
  }

  /** Somebody is not there any more: what is known last is kept. */
  left(playerId: PlayerId): void {
    const latest = this.#latest.get(playerId);
    this.#latest.delete(playerId);
    if (latest === undefined) return;
    const { keptMs: _, ...sighting } = latest;
    this.#cache.put(playerId, sighting);
  }

  /** Undefined for who was never seen. */
  find(playerId: PlayerId): Promise<Sighting | undefined> {
    return this.#cache.get(playerId);
  }

  /** All that is known is in the database. */
  async close(): Promise<void> {
    for (const playerId of [...this.#latest.keys()]) this.left(playerId);
    await this.#cache.close();
  }
}

async function readSightings(
  { orm }: ControlDatabase,
  keys: readonly string[],
): Promise<Map<string, Sighting>> {
  const rows = await orm
    .select()
    .from(lastSeen)
    .where(sql`${lastSeen.playerId} IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`);
  return new Map(rows.map(({ playerId, ...sighting }) => [playerId, sighting]));
}

/** One statement. A later sighting of another server stays; whose account is gone is left out. */
async function writeSightings(
  { orm }: ControlDatabase,
  items: ReadonlyMap<string, Sighting>,
): Promise<void> {
  const rows = [...items].map(([id, { shardKey, x, y, atMs }]) => [id, shardKey, x, y, atMs]);
  await orm.run(sql`INSERT INTO last_seen (player_id, shard_key, x, y, at_ms)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
    FROM json_each(${JSON.stringify(rows)})
    WHERE EXISTS (SELECT 1 FROM players WHERE id = value ->> 0)
    ON CONFLICT (player_id) DO UPDATE SET
      shard_key = excluded.shard_key, x = excluded.x, y = excluded.y, at_ms = excluded.at_ms
    WHERE excluded.at_ms >= last_seen.at_ms`);
}
