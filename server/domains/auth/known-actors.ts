// Who was found to call, remembered for as long as nothing about them changes.
//
// Each call needs to know whether its login still lives, whether its player is banned, and what
// role it has: a join of four tables, which costs more than most calls do otherwise. To remember
// the answer for a while would let a player who was banned go on for that while. So the database
// itself keeps a numbered list of whose rights or logins have changed: triggers write it, in the
// transaction that changed them, whoever made it. Before anything that is remembered is believed,
// numbers that are new are read, and those players are forgotten. That question is left out only
// while nothing was written through this process's connection since it was last asked. Of what
// other processes write this one hears a second later; a local file has no other that could write.
import { asc, gte, max, sql } from "drizzle-orm";
import { actorChanges } from "#shared/infra/db/schema/control.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Actor } from "../../context.ts";
import type { ControlDatabase } from "../../deps.ts";
import { RecentMap } from "../../limits/recent-map.ts";
import type { AccessClaims } from "./token-issuer.ts";

/** Players remembered, each by the login that called last; the one found longest ago goes first. */
const KNOWN_ACTORS_MAX = 10_000;
/** What another process changes is known here after this time. */
export const CHANGES_ASKED_MS = 1_000;
/** Changes read at once; more make everybody forgotten. */
const CHANGES_READ_MAX = 1_000;

interface KnownActorsOptions {
  readonly database: ControlDatabase;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/** Actors by their player; never one whose rights have changed since they were read. */
export class KnownActors {
  readonly #options: KnownActorsOptions;
  readonly #readChanges: ReturnType<typeof prepareChanges>;
  readonly #actors = new RecentMap<PlayerId, Actor>(KNOWN_ACTORS_MAX);
  /** The number of the last change that is known; undefined before the first question. */
  #cursor: number | undefined;
  #askedAtWrites = -1;
  #askedMs = Number.NEGATIVE_INFINITY;
  #generation = 0;

  constructor(options: KnownActorsOptions) {
    this.#options = options;
    this.#readChanges = prepareChanges(options.database);
  }

  /** Grows whenever somebody was forgotten: what was read before it grew may be outdated. */
  get generation(): number {
    return this.#generation;
  }

  /** To be awaited after the call has come and before `find`; throws when the database is away. */
  async forgetChanged(): Promise<void> {
    const { database, clock } = this.#options;
    const writes = database.writes();
    const nowMs = clock.monotonicMs();
    const isFresh = writes === this.#askedAtWrites && nowMs - this.#askedMs < CHANGES_ASKED_MS;
    if (isFresh) return;
    if (this.#cursor === undefined) this.#forgetAll(await readNewest(database));
    else await this.#readFrom(this.#cursor);
    this.#askedAtWrites = Math.max(this.#askedAtWrites, writes);
    this.#askedMs = Math.max(this.#askedMs, nowMs);
  }

  find({ playerId, sessionId }: AccessClaims): Actor | undefined {
    const actor = this.#actors.get(playerId);
    return actor?.sessionId === sessionId ? actor : undefined;
  }

  /** Remembers one that was read when the generation was this. */
  add(actor: Actor, generation: number): void {
    if (generation !== this.#generation) return;
    this.#actors.set(actor.playerId, actor);
  }

  /** The row of the cursor comes too: without it this is not the list that the cursor is of. */
  async #readFrom(cursor: number): Promise<void> {
    const changes = await this.#readChanges.all({ cursor });
    const [first] = changes;
    const continues = cursor === 0 ? (first?.number ?? 1) === 1 : first?.number === cursor;
    if (!continues || changes.length === CHANGES_READ_MAX) {
      this.#forgetAll(await readNewest(this.#options.database));
      return;
    }
    const fresh = changes.filter(({ number }) => number > cursor);
    if (fresh.length === 0) return;
    for (const { playerId } of fresh) this.#actors.delete(playerId);
    this.#generation += 1;
    this.#cursor = Math.max(this.#cursor ?? 0, changes.at(-1)?.number ?? 0);
  }

  #forgetAll(cursor: number): void {
    this.#actors.clear();
    this.#generation += 1;
    this.#cursor = cursor;
  }
}

function prepareChanges({ orm }: ControlDatabase) {
  return orm
    .select()
    .from(actorChanges)
    .where(gte(actorChanges.number, sql.placeholder("cursor")))
    .orderBy(asc(actorChanges.number))
    .limit(CHANGES_READ_MAX)
    .prepare();
}

async function readNewest({ orm }: ControlDatabase): Promise<number> {
  const [row] = await orm.select({ newest: max(actorChanges.number) }).from(actorChanges);
  return row?.newest ?? 0;
}
