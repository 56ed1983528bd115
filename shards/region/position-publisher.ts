import { type Bus, TOPIC_POSITIONS } from "#shared/infra/bus/bus.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { Turns } from "./turns.ts";

const EVERY_MS = 1_000;
/** Everybody is told of, moved or not, each so many rounds: who missed it learns it. */
const ROUNDS_OF_ALL = 10;
/** Players in one message, which has some 55 KB. */
const BATCH = 1_000;

export interface PositionPublisherOptions {
  readonly bus: Pick<Bus, "publish" | "connected">;
  readonly clock: Clock;
  /** Of the world, in the unit of the positions. */
  readonly side: number;
  /** Everybody who is in the world and has an account. */
  readonly players: () => Iterable<{ readonly playerId: string; readonly entity: number }>;
  /** False when there is no such entity. */
  readonly locate: (entity: number, out: { x: number; y: number }) => boolean;
}

interface Told {
  x: number;
  y: number;
  round: number;
}

/**
 * Tells where players are, once a second, until it is stopped: those who moved, and each player at
 * least every ten seconds. It may be lost, and is old soon: while the bus is away nothing waits.
 */
export class PositionPublisher {
  readonly #options: PositionPublisherOptions;
  readonly #told = new Map<string, Told>();
  #round = 0;
  #isTelling = false;
  #stopped = false;
  #cancel: CancelTimer = () => undefined;

  constructor(options: PositionPublisherOptions) {
    this.#options = options;
  }

  start(): void {
    const { bus, clock } = this.#options;
    if (bus.connected && !this.#isTelling) void this.#tell();
    this.#cancel = clock.schedule(EVERY_MS, () => this.start());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Takes as many turns as it needs, in which players come and go. */
  async #tell(): Promise<void> {
    const { clock, players, locate } = this.#options;
    const turns = new Turns(clock);
    this.#isTelling = true;
    this.#round += 1;
    const at = { x: 0, y: 0 };
    let batch = emptyBatch();
    for (const { playerId, entity } of players()) {
      if (turns.isOver()) await turns.next();
      if (this.#stopped) return;
      if (!locate(entity, at) || !this.#isNews(playerId, at)) continue;
      batch.playerIds.push(playerId);
      batch.x.push(at.x);
      batch.y.push(at.y);
      if (batch.playerIds.length < BATCH) continue;
      this.#send(batch);
      batch = emptyBatch();
      if (turns.isOver(BATCH)) await turns.next();
    }
    if (batch.playerIds.length > 0) this.#send(batch);
    for (const [playerId, { round }] of this.#told) {
      if (turns.isOver()) await turns.next();
      if (round !== this.#round) this.#told.delete(playerId);
    }
    this.#isTelling = false;
  }

  /** Those who stand still take turns. */
  #isNews(playerId: string, { x, y }: { x: number; y: number }): boolean {
    const told = this.#told.get(playerId);
    if (told === undefined) {
      this.#told.set(playerId, { x, y, round: this.#round });
      return true;
    }
    told.round = this.#round;
    const turn = (Number.parseInt(playerId.slice(-4), 16) || 0) % ROUNDS_OF_ALL;
    if (told.x === x && told.y === y && this.#round % ROUNDS_OF_ALL !== turn) return false;
    told.x = x;
    told.y = y;
    return true;
  }

  #send(batch: ReturnType<typeof emptyBatch>): void {
    const { bus, side } = this.#options;
    const value = { side, ...batch };
    bus.publish(TOPIC_POSITIONS, { case: "positionsTold", value }, { priority: 2 });
  }
}

function emptyBatch() {
  return { playerIds: [] as string[], x: [] as number[], y: [] as number[] };
}
