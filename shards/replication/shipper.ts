// Ships a shard's database to a libSQL server. What waits is not kept here: it is the shard's own
// journal, which reaches back to the oldest snapshot. So a server that is away for an hour costs no
// memory, and one that is away for longer than the journal reaches gets the newest snapshot.
import { type Database, migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import type { Clock } from "#shared/time/clock.ts";
import { SHARD_MIGRATIONS } from "../persistence/shard-store.ts";
import { newFacts, readChanges, writeChanges } from "./copy/changes.ts";
import { compareHeads, type Standing } from "./copy/compare.ts";
import { fillCopy } from "./copy/fill.ts";
import { FACT_GENERATION, type Head, readHead } from "./copy/head.ts";
import { copySnapshot } from "./copy/snapshots.ts";
import type { SqlClient } from "./copy/sql.ts";
import { isTrouble, type ShipPlace, type ShipState, type ShipStatus } from "./ship-status.ts";
import { refuseStanding, shipTroubleOf } from "./ship-trouble.ts";

/** A batch begins so long after the one before, so that a tick waits for at most that. */
const INTERVAL_MS = 50;
/** A request that takes longer is given up; whether it was done is asked at the next try. */
const REQUEST_MS_MAX = 10_000;
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 5_000;

export interface ShipperOptions extends ShipPlace {
  /** The shard's own database, on the thread that owns it. */
  source: SqlClient;
  clock: Clock;
  makeId: () => string;
  report: (status: ShipStatus) => void;
}

/** One shard's shipping; it never throws and never gives up, but for a later owner's sake. */
export class Shipper {
  readonly #options: ShipperOptions;
  readonly #running: Promise<void>;
  #remote: Database<typeof schema> | undefined;
  /** The replica as it was last seen or left; undefined: to be looked at. */
  #copy: Head | undefined;
  #committedTick = 0;
  #status: ShipStatus = { state: "off", shippedTick: 0, generation: "", text: "" };
  #troubles = 0;
  #isStopping = false;
  #isAbandoned = false;
  #wake: () => void = () => undefined;

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#report("connecting", `shipping to ${options.url}`);
    this.#running = this.#run();
  }

  /** These ticks are in the shard's own database. */
  committed(tick: number): void {
    this.#committedTick = tick;
    this.#wake();
  }

  /** Ships what is committed, for at most so long, and closes. */
  async stop(withinMs: number): Promise<void> {
    const { clock } = this.#options;
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.schedule(withinMs, resolve);
    });
    this.#isStopping = true;
    this.#wake();
    await Promise.race([this.#running, late]);
    cancel();
    await this.#disconnect();
  }

  /** Ships nothing more; resolves when the request under way, if there is one, is over. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    this.#isStopping = true;
    this.#wake();
    await this.#running;
  }

  get #isDone(): boolean {
    if (this.#isAbandoned) return true;
    const { state, shippedTick } = this.#status;
    return this.#isStopping && (isTrouble(state) || shippedTick >= this.#committedTick);
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#isDone) {
      const startMs = clock.monotonicMs();
      try {
        const isThereMore = await this.#step();
        this.#troubles = 0;
        if (isThereMore) continue;
        if (this.#status.shippedTick >= this.#committedTick) await this.#pause(undefined);
        await this.#pause(INTERVAL_MS - (clock.monotonicMs() - startMs));
      } catch (error) {
        await this.#suffer(error);
        if (this.#status.state === "fenced") return;
      }
    }
  }

  /** One batch; whether the next one need not wait. */
  async #step(): Promise<boolean> {
    const { source } = this.#options;
    const remote = await this.#connect();
    this.#copy ??= await readHead(remote.client);
    const copy = this.#copy;
    const changes = await readChanges(source, copy.progress?.tick ?? -1);
    const standing = compareHeads(changes.head, copy, changes.link);
    refuseStanding(standing, copy, changes.head);
    if (standing !== "follows" || copy.progress === undefined) {
      return await this.#fill(remote.client, standing);
    }
    const { facts } = copy;
    const progress = await writeChanges(remote.client, changes, { progress: copy.progress, facts });
    const have = copy.snapshotTick ?? -1;
    this.#copy = { ...copy, progress };
    const snapshotTick = await copySnapshot(source, remote.client, { progress, have });
    const known = new Map([...facts, ...Object.entries(newFacts(changes.head.facts, facts))]);
    this.#copy = { facts: known, progress, snapshotTick: snapshotTick ?? copy.snapshotTick };
    this.#report("shipping", `shipping to ${this.#options.url}`, {
      shippedTick: progress.tick,
      generation: facts.get(FACT_GENERATION) ?? "",
    });
    return progress.tick < (changes.head.progress?.tick ?? 0);
  }

  async #fill(target: SqlClient, standing: Standing): Promise<boolean> {
    const { source, makeId, url } = this.#options;
    const head = this.#copy;
    if (head === undefined) return true;
    const anew = standing === "diverged" || standing === "ahead";
    const why = anew
      ? `has ticks that this database has not, up to ${head.progress?.tick}`
      : standing === "behind"
        ? `is further behind than the journal reaches, at tick ${head.progress?.tick}`
        : "is empty";
    this.#report("filling", `the replica at ${url} ${why}; it is filled from a snapshot`);
    const progress = await fillCopy({
      source,
      target,
      head,
      generation: makeId(),
      anew,
      goOn: () => !this.#isStopping,
    });
    this.#copy = undefined;
    return progress !== undefined;
  }

  async #connect(): Promise<Database<typeof schema>> {
    if (this.#remote !== undefined) return this.#remote;
    const { url: place, token: authToken } = this.#options;
    const requestMsMax = REQUEST_MS_MAX;
    const remote = await openDatabase({
      place,
      schema,
      requestMsMax,
      ...(authToken !== undefined && { authToken }),
    });
    try {
      await migrateDatabase(remote, SHARD_MIGRATIONS);
    } catch (error) {
      await remote.close();
      throw error;
    }
    this.#remote = remote;
    return remote;
  }

  async #suffer(error: unknown): Promise<void> {
    const { state, text, isEmpty } = shipTroubleOf(error, this.#options.url);
    this.#copy = undefined;
    if (isEmpty || isTrouble(state)) await this.#disconnect();
    this.#report(state, text);
    this.#troubles += 1;
    if (state === "fenced") return;
    const delayMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(this.#troubles - 1, 10));
    await this.#pause(delayMs);
  }

  async #disconnect(): Promise<void> {
    const remote = this.#remote;
    this.#remote = undefined;
    await remote?.close();
  }

  /** Waits so long, or until something is committed; the stop ends any wait. */
  async #pause(delayMs: number | undefined): Promise<void> {
    if (this.#isStopping || (delayMs !== undefined && delayMs <= 0)) return;
    await new Promise<void>((resolve) => {
      const cancel =
        delayMs === undefined ? undefined : this.#options.clock.schedule(delayMs, resolve);
      this.#wake = () => {
        if (delayMs !== undefined && !this.#isStopping) return;
        cancel?.();
        resolve();
      };
    });
  }

  #report(state: ShipState, text: string, reached?: Partial<ShipStatus>): void {
    this.#status = { ...this.#status, ...reached, state, text };
    this.#options.report(this.#status);
  }
}
