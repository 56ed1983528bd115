/** Which shards are up, by what they say on the bus. */
import { type BusMessage, ShardPhase, type ShardStatus } from "#proto/bus_pb.ts";
import { type Bus, TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import type { Log } from "#shared/infra/log.ts";
import { RegionId, ShardKey, WorldId } from "#shared/model/ids.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";

/**
 * A shard that says nothing for so long is taken for gone; they speak every second. It takes the
 * bus up to 2.5 s to find out that its broker is frozen; until then nobody's silence means much.
 */
export const SILENCE_MS_MAX = 4_000;
const SWEEP_INTERVAL_MS = 500;
/** A ticket younger than this may not show in the population that its shard tells yet. */
const ARRIVAL_MS = 300;
/** Shards known at once; the status of one more is refused and logged. */
const SHARDS_MAX = 10_000;

export type ShardPhaseName = "starting" | "serving" | "draining" | "stopped" | "silent";

export interface ShardRecord {
  readonly key: ShardKey;
  readonly worldId: WorldId;
  readonly region: RegionId;
  readonly instance: number;
  readonly address: string;
  readonly phase: ShardPhaseName;
  readonly population: number;
  readonly capacity: number;
  readonly tickRate: number;
  readonly startedAtMs: number;
}

interface Entry {
  record: ShardRecord;
  seenMs: number;
  /** It lets in who has a ticket of its own server, and that is another one. */
  isForeign: boolean;
  /** When players were sent there who may not be in its population yet; they count as there. */
  sentMs: number[];
}

/** Where a player would like to be. */
export interface PlacementWish {
  readonly region?: RegionId | undefined;
  /** The shard that it was on last. */
  readonly before?: ShardKey | undefined;
}

export interface ShardRegistryOptions {
  readonly bus: Pick<Bus, "connected" | "subscribe">;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a status is of a shard to which this server cannot send players. */
  readonly isForeign?: (message: BusMessage) => boolean;
  /** Told when something other than a shard's load changes. */
  readonly save?: (record: ShardRecord) => void;
}

const phaseNames: Record<ShardPhase, ShardPhaseName> = {
  [ShardPhase.UNSPECIFIED]: "starting",
  [ShardPhase.STARTING]: "starting",
  [ShardPhase.SERVING]: "serving",
  [ShardPhase.DRAINING]: "draining",
  [ShardPhase.STOPPED]: "stopped",
};

/** The living picture of the deployment's shards; lives from construction to `close`. */
export class ShardRegistry {
  readonly #options: ShardRegistryOptions;
  readonly #entries = new Map<ShardKey, Entry>();
  readonly #listeners = new Set<(worldId: WorldId) => void>();
  readonly #startedMs: number;
  readonly #unsubscribe: () => void;
  #cancelSweep: CancelTimer;
  /** When the bus was last seen to be away. */
  #deafMs = Number.NEGATIVE_INFINITY;

  constructor(options: ShardRegistryOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#unsubscribe = options.bus.subscribe(TOPIC_SHARDS, (message) => this.#receive(message));
    this.#cancelSweep = this.#scheduleSweep();
  }

  close(): void {
    this.#unsubscribe();
    this.#cancelSweep();
    this.#listeners.clear();
  }

  /** Shards that are up, of one world or of all, by key. */
  list(worldId?: WorldId): ShardRecord[] {
    return [...this.#entries.values()]
      .map((entry) => entry.record)
      .filter((record) => worldId === undefined || record.worldId === worldId)
      .sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  /**
   * A serving shard for one more player: the one it was on before, as long as that has room, else
   * the emptiest by population relative to capacity, counting those just sent there. "full" when
   * all that serve are, undefined when none serves or the one of before may still be heard of.
   */
  assign(worldId: WorldId, wish: PlacementWish = {}): ShardRecord | "full" | undefined {
    const serving = [...this.#entries.values()].filter(
      ({ record, isForeign }) =>
        !isForeign &&
        record.worldId === worldId &&
        record.phase === "serving" &&
        (wish.region === undefined || record.region === wish.region),
    );
    if (serving.length === 0 || this.#mayStillCome(wish)) return undefined;
    const withRoom = serving
      .filter((entry) => load(entry) < 1)
      .sort(
        (one, other) => load(one) - load(other) || (one.record.key < other.record.key ? -1 : 1),
      );
    const best = withRoom.find(({ record }) => record.key === wish.before) ?? withRoom[0];
    if (best === undefined) return "full";
    best.sentMs.push(this.#options.clock.monotonicMs());
    return best.record;
  }

  /** Who wants to be told of changes. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Calls `listener` with the world in which something changed. */
  onChange(listener: (worldId: WorldId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #receive(message: BusMessage): void {
    if (message.payload.case !== "shardStatus") return;
    const record = toRecord(message.payload.value);
    if (record === undefined || (!this.#entries.has(record.key) && this.#isFull())) {
      this.#options.log.warning("shard status refused", { source: message.source });
      return;
    }
    const before = this.#entries.get(record.key)?.record;
    if (record.phase === "stopped") {
      if (this.#entries.delete(record.key)) this.#changed(before, record);
      return;
    }
    const seenMs = this.#options.clock.monotonicMs();
    const sentMs = (this.#entries.get(record.key)?.sentMs ?? []).filter(
      (atMs) => seenMs - atMs < ARRIVAL_MS,
    );
    const isForeign = this.#options.isForeign?.(message) ?? false;
    this.#entries.set(record.key, { record, seenMs, sentMs, isForeign });
    this.#changed(before, record);
  }

  /** After the server's own start, shards that run on have not all spoken yet. */
  #mayStillCome({ before, region }: PlacementWish): boolean {
    if (before === undefined || this.#entries.has(before)) return false;
    if (region !== undefined && !before.endsWith(`:${region}`)) return false;
    return this.#options.clock.monotonicMs() - this.#startedMs < SILENCE_MS_MAX;
  }

  #isFull(): boolean {
    return this.#entries.size >= SHARDS_MAX;
  }

  #changed(before: ShardRecord | undefined, after: ShardRecord): void {
    const moved =
      before === undefined ||
      before.phase !== after.phase ||
      before.address !== after.address ||
      before.startedAtMs !== after.startedAtMs ||
      before.capacity !== after.capacity;
    if (moved) {
      const { key, phase, address } = after;
      this.#options.log.info(`shard ${phase}`, { shard: key, address });
      this.#options.save?.(after);
    }
    if (!moved && before.population === after.population) return;
    for (const listener of [...this.#listeners]) listener(after.worldId);
  }

  #scheduleSweep(): CancelTimer {
    return this.#options.clock.schedule(SWEEP_INTERVAL_MS, () => {
      this.#dropSilent();
      this.#cancelSweep = this.#scheduleSweep();
    });
  }

  #dropSilent(): void {
    const { bus, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    // Who cannot hear takes nobody for gone, and gives them time to speak afterwards.
    if (!bus.connected) this.#deafMs = nowMs;
    for (const [key, { record, seenMs }] of this.#entries) {
      if (nowMs - Math.max(seenMs, this.#deafMs) <= SILENCE_MS_MAX) continue;
      this.#entries.delete(key);
      this.#changed(record, { ...record, phase: "silent", population: 0 });
    }
  }
}

/** How full it is: 1 and more takes nobody in. */
function load({ record, sentMs }: Entry): number {
  return (record.population + sentMs.length) / Math.max(1, record.capacity);
}

function toRecord(status: ShardStatus): ShardRecord | undefined {
  const key = ShardKey.safeParse(status.shardKey);
  const worldId = WorldId.safeParse(status.world);
  const region = RegionId.safeParse(status.region);
  if (!key.success || !worldId.success || !region.success) return undefined;
  if (status.shardKey !== `${status.world}:${status.instance}:${status.region}`) return undefined;
  return {
    key: key.data,
    worldId: worldId.data,
    region: region.data,
    instance: status.instance,
    address: status.address,
    phase: phaseNames[status.phase] ?? "starting",
    population: status.population,
    capacity: status.capacity,
    tickRate: status.tickRate,
    startedAtMs: Number(status.startedAtMs),
  };
}
