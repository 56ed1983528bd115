import type { Bus } from "#shared/infra/bus/bus.ts";
import {
  encodePlayer,
  encodePlayerEntry,
  PLAYER_PRESENCE,
  PLAYER_PRESENCE_EVERY_MS,
  playerEntryKey,
} from "#shared/infra/bus/player-presence.ts";
import type { Presence } from "#shared/infra/bus/presence.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { Turns } from "./turns.ts";

/** Players of one entry, on average; the number of entries is a power of two. */
const PLAYERS_PER_PART = 256;
/** Entries put in one call: some 50 KB, which take less than a turn to write. */
const PARTS_PER_CALL = 4;
/** How often is looked whether the bus is a new one, which knows nothing. */
const LOOK_EVERY_MS = 250;

export interface PresencePublisherOptions {
  readonly bus: Pick<Bus, "presence" | "epoch" | "connections" | "connected">;
  readonly clock: Clock;
  readonly shardKey: string;
  /** Everybody who is in the world and has an account. */
  readonly players: () => Iterable<{ readonly playerId: string; readonly connected: boolean }>;
}

interface Known {
  readonly sinceMs: number;
  readonly part: string;
  /** Chooses its entry. */
  readonly tail: number;
  readonly connected: boolean;
  round: number;
}

/**
 * Tells the deployment who is in this shard, again and again, so that it is forgotten when the
 * shard is gone. A bus that is away is told when it is back; nothing waits for it.
 */
export class PresencePublisher {
  readonly #options: PresencePublisherOptions;
  readonly #presence: Presence;
  readonly #known = new Map<string, Known>();
  #parts = 1;
  #round = 0;
  #connections = -1;
  #toldMs = Number.NEGATIVE_INFINITY;
  #telling: Promise<void> | undefined;
  #cancel: CancelTimer = () => undefined;
  #stopped = false;
  /** Rounds that the bus did not take. */
  failures = 0;

  constructor(options: PresencePublisherOptions) {
    this.#options = options;
    this.#presence = options.bus.presence(PLAYER_PRESENCE);
  }

  start(): void {
    this.#look();
  }

  /** Says no more; another process may speak for the shard. */
  silence(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Nobody is here any more. */
  async stop(): Promise<void> {
    this.silence();
    await this.#telling;
    if (!this.#options.bus.connected) return;
    await this.#presence.remove(this.#keys(0, this.#parts)).catch(() => undefined);
  }

  #look(): void {
    const { bus, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const isDue =
      nowMs - this.#toldMs >= PLAYER_PRESENCE_EVERY_MS || bus.connections !== this.#connections;
    if (isDue && bus.connected && this.#telling === undefined) {
      this.#toldMs = nowMs;
      this.#connections = bus.connections;
      this.#telling = this.#tell().finally(() => {
        this.#telling = undefined;
      });
    }
    this.#cancel = clock.schedule(LOOK_EVERY_MS, () => this.#look());
  }

  async #tell(): Promise<void> {
    const entries = await this.#gather();
    const before = this.#keys(entries.length, this.#parts);
    this.#parts = entries.length;
    try {
      for (let at = 0; at < entries.length; at += PARTS_PER_CALL) {
        if (this.#stopped) return;
        await this.#presence.put(new Map(entries.slice(at, at + PARTS_PER_CALL)));
      }
      if (before.length > 0) await this.#presence.remove(before);
    } catch {
      this.failures += 1; // The bus says itself that it is away.
    }
  }

  /**
   * Who is here, as entries. A player stays in its entry while their number is the same. Takes many
   * turns, in which players come and go: whoever does is told of in this round or in the next.
   */
  async #gather(): Promise<[string, string][]> {
    const { bus, clock, shardKey } = this.#options;
    const turns = new Turns(clock);
    await this.#learn(turns);
    let parts = 1;
    while (parts * PLAYERS_PER_PART < this.#known.size) parts *= 2;
    const bodies = Array.from({ length: parts }, (): string[] => []);
    for (const { part, tail } of this.#known.values()) {
      bodies[tail % parts]?.push(part);
      if (turns.isOver()) await turns.next();
    }
    const sequence = this.#round.toString(36);
    const entries: [string, string][] = [];
    for (const [index, players] of bodies.entries()) {
      const body = players.join(",");
      const text = encodePlayerEntry({ epoch: bus.epoch, sequence, body });
      entries.push([playerEntryKey(shardKey, index), text]);
      if (turns.isOver(PLAYERS_PER_PART)) await turns.next();
    }
    return entries;
  }

  async #learn(turns: Turns): Promise<void> {
    const { clock, players } = this.#options;
    const nowMs = clock.wallMs();
    this.#round += 1;
    for (const { playerId, connected } of players()) {
      const known = this.#known.get(playerId);
      if (known !== undefined && known.connected === connected) {
        known.round = this.#round;
      } else {
        const sinceMs = known?.sinceMs ?? nowMs;
        const part = encodePlayer({ playerId, sinceMs, connected });
        const tail = tailOf(playerId);
        this.#known.set(playerId, { sinceMs, part, tail, connected, round: this.#round });
      }
      if (turns.isOver()) await turns.next();
    }
    for (const [playerId, { round }] of this.#known) {
      if (round !== this.#round) this.#known.delete(playerId);
      if (turns.isOver()) await turns.next();
    }
  }

  #keys(from: number, to: number): string[] {
    const { shardKey } = this.#options;
    return Array.from({ length: Math.max(0, to - from) }, (_, index) =>
      playerEntryKey(shardKey, from + index),
    );
  }
}

/** The end of an id is random. */
function tailOf(playerId: string): number {
  return Number.parseInt(playerId.slice(-6), 16) || 0;
}
