// The database that is damaged: an arena's, with several snapshots, thousands of ticks, and all
// that players leave behind. It is made once; mutants are made of copies of its files.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { TickRecord } from "../../../shards/loop/messages.ts";
import { ShardStore } from "../../../shards/persistence/shard-store.ts";
import { arenaFactory } from "../../../shards/world/arena/arena-shard-world.ts";
import type { ShardWorld } from "../../../shards/world/shard-world.ts";
import { Truth } from "./truth.ts";

export const TICK_RATE = 30;
export const WORLD = { tickRate: TICK_RATE, seed: 1, capacity: 64, side: 512, cellSize: 256 };
const PLAYERS = 80;
const PLAYERS_AT_ONCE = 40;
/** Ticks in one transaction, at most. */
const GROUP_MAX = 8;
/** Messages that wait to be told. */
const OUTBOX_MAX = 12;
/** Of one player; more would be forgotten. */
const ANSWERS_MAX = 50;
const NEVER_MS = 9e15;
const HOLD = "5a1f6c34-6a5e-4f0e-9a54-6f8d2a3b4c5d";

/** A database's files. */
export interface DatabaseImage {
  readonly database: Uint8Array;
  /** The write-ahead log; empty when there is none. */
  readonly log: Uint8Array;
  /** The note of its last commit. */
  readonly mark: Uint8Array;
}

export interface Lab {
  readonly truth: Truth;
  /** After an end in order, and after a kill at the same tick. */
  readonly closed: DatabaseImage;
  readonly killed: DatabaseImage;
  /** After a kill in the middle of its life. */
  readonly earlier: DatabaseImage;
}

export interface LabOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly seed: number;
  readonly ticks: number;
  readonly snapshotEvery: number;
}

/** Opens a lab's database, or a mutant of it, as a shard does. */
export function openLabStore(path: string, clock: Clock): Promise<ShardStore> {
  return ShardStore.open({
    path,
    shardKey: "arena:1:eu-west-1",
    world: "arena",
    tickRate: TICK_RATE,
    clock,
    makeId: () => "7d8f1b52-0d3b-4a59-8a6e-3c2b1a099887",
  });
}

export async function makeLab(options: LabOptions): Promise<Lab> {
  const { folder, clock, seed, ticks, snapshotEvery } = options;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "shard.db");
  const store = await openLabStore(path, clock);
  await store.own(1);
  const life = new Life(createRandom(seed), arenaFactory.create(WORLD));
  await store.saveSnapshot(0, await Bun.zstdCompress(life.world.snapshot()));
  const run = async (until: number) => {
    while (life.world.tick < until) {
      await life.commit(store, Math.min(until, nextStop(life.world.tick, snapshotEvery)));
      if (life.world.tick % snapshotEvery !== 0) continue;
      await store.saveSnapshot(life.world.tick, await Bun.zstdCompress(life.world.snapshot()));
    }
  };
  await run(Math.floor(ticks * 0.67));
  const earlier = readImage(path);
  await store.own(2);
  await run(ticks - Math.floor(snapshotEvery / 8));
  // So that the log is short: it is written into the database now, and then no more.
  await store.hold({ action: "take", id: HOLD });
  await store.hold({ action: "release", id: HOLD });
  await run(ticks);
  const killed = readImage(path);
  await store.close();
  return { truth: life.truth, closed: readImage(path), killed, earlier };
}

function nextStop(tick: number, snapshotEvery: number): number {
  return (Math.floor(tick / snapshotEvery) + 1) * snapshotEvery;
}

function readImage(path: string): DatabaseImage {
  const read = (suffix: string) => {
    try {
      return new Uint8Array(readFileSync(path + suffix));
    } catch {
      return new Uint8Array(0);
    }
  };
  return { database: read(""), log: read("-wal"), mark: read("-mark") };
}

/** Players who come, move, fight, act and leave by chance, and what the shard writes of it. */
class Life {
  readonly truth = new Truth();
  readonly world: ShardWorld;
  readonly #random: Random;
  readonly #states = new Map<string, Uint8Array>();
  readonly #answers = new Map<string, number>();
  readonly #waiting: string[] = [];
  #sequence = 0;
  #names = 0;

  constructor(random: Random, world: ShardWorld) {
    this.#random = random;
    this.world = world;
  }

  /** Some ticks in one transaction, none later than `until`. */
  async commit(store: ShardStore, until: number): Promise<void> {
    const count = Math.min(until - this.world.tick, 1 + this.#random.below(GROUP_MAX));
    const told = this.#waiting.length > OUTBOX_MAX ? this.#waiting.splice(0, 5) : [];
    const tickets: string[] = [];
    const steps = Array.from({ length: count }, () => this.#step(tickets));
    const records = steps.map(({ record }) => record);
    await store.write({
      records,
      tickets: tickets.map((id) => ({ id, expiresMs: NEVER_MS + this.#random.below(1_000) })),
      told,
    });
    for (const [index, step] of steps.entries()) {
      const isLast = index === steps.length - 1;
      this.truth.add({ ...step, tickets: isLast ? tickets : [], told: isLast ? told : [] });
    }
  }

  #step(tickets: string[]): { record: TickRecord; hash: string } {
    const { world } = this;
    const players = Array.from(world.players());
    for (const { playerId, entity } of players) this.#act(playerId, entity);
    const playerId = `player-${this.#random.below(PLAYERS)}`;
    const isThere = players.some((player) => player.playerId === playerId);
    if (!isThere && players.length < PLAYERS_AT_ONCE && this.#random.below(3) === 0) {
      const restored = this.#states.get(playerId);
      this.#names += 1;
      world.inputs.join({ playerId, name: `Player ${this.#names}`, restored });
      tickets.push(`ticket-${this.#names}`);
    }
    const inputs = world.step();
    const { joined, departed } = world.effects;
    for (const { playerId: gone, state } of departed) this.#states.set(gone, state);
    const { tick } = world;
    const hash = world.hash();
    const record: TickRecord = {
      tick,
      inputs: inputs.slice(),
      departed: departed.map(({ playerId: gone, state }) => ({ playerId: gone, state })),
      sessions: [
        ...departed.map((gone) => ({ playerId: gone.playerId, tokenHash: undefined })),
        ...joined.map((player) => ({ playerId: player.playerId, tokenHash: this.#hex(32) })),
      ],
      answers: this.#answer(players.map((player) => player.playerId)),
      outbox: this.#tell(),
      stateHash: tick % TICK_RATE === 0 ? hash : undefined,
    };
    return { record, hash };
  }

  #act(playerId: string, entity: number): void {
    const chance = this.#random.below(60);
    this.#sequence += 1;
    const at = { sequence: this.#sequence, tick: 0 };
    if (chance < 3) {
      const value = { dx: this.#random.below(3) - 1, dy: this.#random.below(3) - 1 };
      this.world.inputs.command(entity, { ...at, controls: { case: "arena", value } });
    } else if (chance < 6) {
      const action = { case: "arena", value: { action: { case: "attack", value: {} } } } as const;
      this.world.inputs.command(entity, { ...at, actionId: new Uint8Array(0), action });
    } else if (this.#random.below(150) === 0 && playerId !== "player-0") {
      this.world.inputs.leave(entity);
    }
  }

  #answer(players: readonly string[]): TickRecord["answers"] {
    const playerId = players[this.#random.below(Math.max(1, players.length * 3))];
    if (playerId === undefined) return [];
    const count = this.#answers.get(playerId) ?? 0;
    if (count >= ANSWERS_MAX) return [];
    this.#answers.set(playerId, count + 1);
    return [{ playerId, actionId: this.#bytes(16), answer: this.#bytes(8) }];
  }

  #tell(): TickRecord["outbox"] {
    if (this.#random.below(20) > 0) return [];
    const id = this.#hex(16);
    this.#waiting.push(id);
    return [{ id, topic: `players-${this.#random.below(5)}`, message: this.#bytes(30) }];
  }

  #hex(length: number): string {
    return this.#bytes(length).toHex();
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.below(256));
  }
}
