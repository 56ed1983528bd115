import { type HybridClock, laterStamp, type Stamp } from "#shared/time/hybrid-clock.ts";
import type { LandStep, MirroredLand } from "../../world/mirrored-land.ts";
import type { Applied, Mirror } from "./mirror.ts";
import type { RegionChangeSet } from "./outgoing-changes.ts";
import { RemoteBacklog } from "./remote-backlog.ts";

export interface ShardMirrorOptions {
  readonly region: string;
  readonly land: MirroredLand;
  readonly hybrid: HybridClock;
  /** Last tick that ran. */
  readonly tick: () => number;
  /** What a tick wrote, for the other regions once it is committed. */
  readonly changed: (step: LandStep) => void;
  /** What other regions tell of entities and chat; not part of the world. */
  readonly told: (changes: Pick<RegionChangeSet, "entities" | "chat">, from: string) => void;
}

/** Waits for a tick to be committed; which one is not known before all of it is in the world. */
interface Waiting {
  tick: number | undefined;
  lost: number;
  readonly resolve: (applied: Applied) => void;
  readonly reject: (error: Error) => void;
}

/** A shard's world as region sync meets it: what is asked becomes inputs of the next tick. */
export class ShardMirror implements Mirror {
  readonly register: MirroredLand["register"];
  readonly #options: ShardMirrorOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #backlog = new RemoteBacklog<Waiting>();
  /** Whose last writes are in the tick that runs. */
  #applying: Waiting[] = [];
  #committedTick: number;
  #anewAfter: Stamp | undefined;
  #forgetBefore: Stamp | undefined;
  #isClosed = false;
  /** Writes that did not count and were not told of yet. */
  #lost = 0;

  constructor(options: ShardMirrorOptions) {
    const { region, land, hybrid } = options;
    this.#options = options;
    this.register = land.register;
    this.#committedTick = options.tick();
    land.mirror({
      stamp: () => {
        // The world's own stamps may run ahead of the clock's by a count.
        hybrid.receive(land.seen);
        const stamp = hybrid.next();
        const { cells, done } = this.#backlog.take();
        if (cells.length > 0) land.queueRemote(cells);
        this.#applying = done;
        const [anewAfter, forgetBefore] = [this.#anewAfter, this.#forgetBefore];
        this.#anewAfter = undefined;
        this.#forgetBefore = undefined;
        return { region, stamp, anewAfter, forgetBefore };
      },
      stepped: (step) => this.#stepped(step),
    });
  }

  async apply({ cells, entities, chat }: RegionChangeSet, from: string): Promise<Applied> {
    if (entities.length + chat.length > 0) this.#options.told({ entities, chat }, from);
    if (cells.length === 0) return { lost: 0 };
    const { waiting, promise } = this.#wait(undefined);
    this.#backlog.add(cells, waiting);
    return await promise;
  }

  async settled(): Promise<void> {
    const tick = this.#options.tick();
    if (tick > this.#committedTick) await this.#wait(tick).promise;
  }

  stampAnew(limit: Stamp): void {
    this.#anewAfter = limit;
  }

  forgetGone(end: Stamp): void {
    this.#forgetBefore = laterStamp(this.#forgetBefore ?? end, end);
  }

  /** All ticks up to this one are in the database. */
  committed(tick: number): void {
    this.#committedTick = tick;
    for (const waiting of this.#waiting) {
      if (waiting.tick === undefined || waiting.tick > tick) continue;
      this.#waiting.delete(waiting);
      waiting.resolve({ lost: waiting.lost });
    }
  }

  /** The world runs no more: what waits for it is to be told again to the next owner. */
  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting) reject(closedError());
    this.#waiting.clear();
  }

  #wait(tick: number | undefined) {
    const { promise, resolve, reject } = Promise.withResolvers<Applied>();
    const waiting: Waiting = { tick, lost: 0, resolve, reject };
    if (this.#isClosed) reject(closedError());
    else this.#waiting.add(waiting);
    return { waiting, promise };
  }

  #stepped(step: LandStep): void {
    this.#lost += step.lost;
    for (const waiting of this.#applying.splice(0)) {
      waiting.tick = step.tick;
      // Of several at once the first tells of all; what counts is their sum.
      waiting.lost = this.#lost;
      this.#lost = 0;
    }
    this.#options.changed(step);
  }
}

function closedError(): Error {
  return new Error("cannot apply changes of another region: the shard stops");
}
