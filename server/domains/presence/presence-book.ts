// Who is where, by what shards put into the bus's presence.
//
// A shard says all it knows every 1.5 s, and the bus forgets it 5 s after it was said last. This
// reads everything once a second. What is read goes by news, not by what is there: an entry lives
// while its shard puts it anew. One that is not there for a moment (a broker that was wiped, or is
// only just back) stays for a grace in which its shard can say it again; one that is there without
// news ends even if the bus does not forget. While the bus is away nobody is taken for gone, and
// the picture says how old it is.
import type { Bus } from "#shared/infra/bus/bus.ts";
import {
  decodePlayerEntry,
  decodePlayers,
  PLAYER_PRESENCE,
  type PlayerEntry,
  type PresentPlayer,
} from "#shared/infra/bus/player-presence.ts";
import type { Presence } from "#shared/infra/bus/presence.ts";
import type { Log } from "#shared/infra/log.ts";
import { PlayerId, RegionId, ShardKey, WorldId } from "#shared/model/ids.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";

const READ_EVERY_MS = 1_000;
/** An entry that is there ends so long after its shard last put it anew. */
const SILENT_MS_MAX = 6_000;
/** One that is not there any more, so long after. */
const GRACE_MS = 3_000;
/** Or after this server heard again: its shards may take longer than it to come back to the bus. */
const RETURN_MS_MAX = 6_000;
/** A reading that is late by more, asking included, was made by a process that stood still. */
const LATE_MS_MAX = 3_000;
/** An older picture is not called fresh. */
const FRESH_MS = 10_000;
/** One more is left out, and logged. */
const PLAYERS_MAX = 1_000_000;

/** A player at a place. */
export interface PlayerPlace {
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  readonly region: RegionId;
  readonly shardKey: ShardKey;
  readonly sinceMs: number;
  readonly connected: boolean;
}

/** Which places are wanted. */
export interface PlaceFilter {
  readonly worldId?: WorldId | undefined;
  readonly region?: RegionId | undefined;
}

interface Entry {
  readonly entry: PlayerEntry;
  readonly places: readonly PlayerPlace[];
  readonly newsMs: number;
}

interface Options {
  readonly bus: Pick<Bus, "presence">;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether another server leases a shard, for its own players. */
  readonly isForeign?: (shardKey: ShardKey) => boolean;
  /** Told of those who are gone, or elsewhere, since the last picture. */
  readonly left?: (places: readonly PlayerPlace[]) => void;
}

/** The living picture; reads from `start` to `close`. */
export class PresenceBook {
  readonly #options: Options;
  readonly #presence: Presence;
  readonly #entries = new Map<string, Entry>();
  #places = new Map<PlayerId, PlayerPlace>();
  #sorted: readonly PlayerPlace[] | undefined;
  #heardMs = Number.NEGATIVE_INFINITY;
  #heardWallMs: number | undefined;
  /** Since when every reading was answered. */
  #hearingMs = Number.NEGATIVE_INFINITY;
  #isDeaf = true;
  #wasLate = false;
  /** When the next reading is to begin. */
  #dueMs = Number.POSITIVE_INFINITY;
  #cancel: CancelTimer = () => undefined;
  #closed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#presence = options.bus.presence(PLAYER_PRESENCE);
  }

  /** Reads now and from then on. */
  async start(): Promise<void> {
    await this.#read();
    if (this.#closed) return;
    this.#dueMs = this.#options.clock.monotonicMs() + READ_EVERY_MS;
    this.#cancel = this.#options.clock.schedule(READ_EVERY_MS, () => void this.start());
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  /** Players that are somewhere. */
  get count(): number {
    return this.#places.size;
  }

  /** How old the picture is, and whether it can be relied on. */
  get state(): { readonly asOf: string | null; readonly fresh: boolean } {
    const asOf = this.#heardWallMs === undefined ? null : new Date(this.#heardWallMs).toISOString();
    return { asOf, fresh: this.ageMs <= FRESH_MS };
  }

  get ageMs(): number {
    return this.#options.clock.monotonicMs() - this.#heardMs;
  }

  /** Where a player is; undefined when it is nowhere. */
  find(playerId: PlayerId): PlayerPlace | undefined {
    return this.#places.get(playerId);
  }

  /** Whether the place is in a shard that another server leases, for players that only it knows. */
  isForeign({ shardKey }: PlayerPlace): boolean {
    return this.#options.isForeign?.(shardKey) === true;
  }

  /** All that are wanted, by player id. */
  list({ worldId, region }: PlaceFilter): PlayerPlace[] {
    this.#sorted ??= [...this.#places.values()].sort((one, other) =>
      one.playerId < other.playerId ? -1 : 1,
    );
    return this.#sorted.filter(
      (place) =>
        (worldId === undefined || place.worldId === worldId) &&
        (region === undefined || place.region === region),
    );
  }

  async #read(): Promise<void> {
    const { clock, log } = this.#options;
    const askedMs = clock.monotonicMs();
    const askedWallMs = clock.wallMs();
    let texts: ReadonlyMap<string, string>;
    try {
      texts = await this.#presence.list();
    } catch {
      this.#isDeaf = true; // The bus says itself that it is away.
      return;
    }
    const nowMs = clock.monotonicMs();
    // What was asked before a standstill says nothing of now, and who spoke meanwhile is not known.
    // One that is late again and again is slow, and must go by what it reads.
    const isLate = nowMs - Math.min(askedMs, this.#dueMs) > LATE_MS_MAX;
    if (this.#isDeaf || (isLate && !this.#wasLate)) this.#hearingMs = nowMs;
    this.#isDeaf = false;
    this.#wasLate = isLate;
    this.#heardMs = askedMs;
    this.#heardWallMs = askedWallMs;
    const changed = [...texts].filter(([key, text]) => this.#learn(key, text, nowMs)).length;
    const forgotten = this.#forget(texts, nowMs);
    if (changed === 0 && forgotten === 0) return;
    try {
      this.#draw();
    } catch (error) {
      log.error("cannot draw who is where", { error });
    }
  }

  /** Whether who is where changed by it. */
  #learn(key: string, text: string, nowMs: number): boolean {
    const entry = decodePlayerEntry(key, text);
    if (entry === undefined) return false;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      if (entry.epoch < known.entry.epoch) return false;
      const isNews = entry.epoch > known.entry.epoch || entry.sequence !== known.entry.sequence;
      if (!isNews) return false;
      if (entry.body === known.entry.body && entry.epoch === known.entry.epoch) {
        this.#entries.set(key, { ...known, entry, newsMs: nowMs });
        return false;
      }
    }
    this.#entries.set(key, { entry, places: placesOf(entry), newsMs: nowMs });
    return true;
  }

  #forget(texts: ReadonlyMap<string, string>, nowMs: number): number {
    let forgotten = 0;
    const epochs = new Map<string, number>();
    for (const { entry } of this.#entries.values()) {
      epochs.set(entry.shardKey, Math.max(epochs.get(entry.shardKey) ?? 0, entry.epoch));
    }
    for (const [key, { entry, newsMs }] of this.#entries) {
      const isThere = texts.has(key);
      const isSilent = nowMs - newsMs > (isThere ? SILENT_MS_MAX : GRACE_MS);
      const isOver = isSilent && nowMs - this.#hearingMs > RETURN_MS_MAX;
      // Of a process that does not own the shard any more.
      if (!isOver && entry.epoch === epochs.get(entry.shardKey)) continue;
      if (entry.body !== "") forgotten += 1;
      // What is still there must not be news again.
      if (!isThere) this.#entries.delete(key);
      else this.#entries.set(key, { entry: { ...entry, body: "" }, places: [], newsMs });
    }
    return forgotten;
  }

  /** Each player once: what own shards say, then connected before away, then who came last. */
  #draw(): void {
    const places = new Map<PlayerId, PlayerPlace>();
    for (const entry of this.#entries.values()) {
      for (const place of entry.places) {
        const known = places.get(place.playerId);
        if (known === undefined && places.size >= PLAYERS_MAX) {
          throw new Error(`there are more than ${PLAYERS_MAX} players`);
        }
        if (known === undefined || this.#isBetter(place, known)) places.set(place.playerId, place);
      }
    }
    const before = this.#places;
    this.#places = places;
    this.#sorted = undefined;
    const { left } = this.#options;
    if (left === undefined) return;
    const gone = [...before.values()].filter(
      ({ playerId, shardKey }) => places.get(playerId)?.shardKey !== shardKey,
    );
    if (gone.length > 0) left(gone);
  }

  /** Who leases no shard of a player's deployment cannot say that the player is elsewhere. */
  #isBetter(one: PlayerPlace, other: PlayerPlace): boolean {
    const isForeign = this.isForeign(one);
    return isForeign === this.isForeign(other) ? isNewer(one, other) : !isForeign;
  }
}

function isNewer(one: PlayerPlace, other: PlayerPlace): boolean {
  if (one.connected !== other.connected) return one.connected;
  if (one.sinceMs !== other.sinceMs) return one.sinceMs > other.sinceMs;
  return one.shardKey > other.shardKey;
}

function placesOf({ shardKey, body }: PlayerEntry): PlayerPlace[] {
  const key = ShardKey.safeParse(shardKey);
  if (!key.success) return [];
  const [world, , region] = shardKey.split(":");
  const worldId = WorldId.parse(world);
  const at = { worldId, region: RegionId.parse(region), shardKey: key.data };
  return decodePlayers(body).flatMap((player) => toPlace(player, at));
}

function toPlace(
  { playerId, sinceMs, connected }: PresentPlayer,
  at: Pick<PlayerPlace, "worldId" | "region" | "shardKey">,
): PlayerPlace[] {
  const id = PlayerId.safeParse(playerId);
  return id.success ? [{ playerId: id.data, ...at, sinceMs, connected }] : [];
}
