// Follows a replica: what comes is checked against the journal's chain, written to a database file
// of this standby's own, and stepped through by the same rules. The file is all that a takeover
// needs, and it outlives a replica that is wiped or put back.
import { DatabaseError } from "#shared/infra/db/database-error.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Recovery } from "../../persistence/messages.ts";
import { StorageError } from "../../persistence/storage-error.ts";
import type { ShardWorld } from "../../world/shard-world.ts";
import { type Changes, newFacts, readChanges, writeChanges } from "../copy/changes.ts";
import { compareHeads } from "../copy/compare.ts";
import { fillCopy } from "../copy/fill.ts";
import { FACT_FILLING, FACT_GENERATION, type Head, type Progress, readHead } from "../copy/head.ts";
import { copySnapshot } from "../copy/snapshots.ts";
import type { SqlClient } from "../copy/sql.ts";
import { checkVersion } from "./check-version.ts";
import type { FollowStatus } from "./follow-status.ts";
import { FollowError, followTroubleOf, refuseOtherShard, refuseReplica } from "./follow-trouble.ts";
import type { ReplicaReader } from "./replica-reader.ts";
import { type FollowedTick, ReplicaDamage, verifyJournal, verifySnapshots } from "./verify.ts";

/** Between two looks at the replica. */
const LOOK_MS = 100;
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 5_000;
/** A server may answer a moment with what it had before; what lasts is told. */
const STALE_MS = 1_000;

/** A world that is only replayed. */
export type FollowedWorld = Pick<ShardWorld, "tick" | "population" | "hash" | "replay">;

export interface FollowerOptions {
  /** The shard to stand by for. */
  shardKey: string;
  reader: ReplicaReader;
  /** The standby's own database file; with tables, otherwise empty or as a follower left it. */
  own: SqlClient;
  /** Reads and checks what a shard would start from, out of the own file. */
  recover: () => Promise<Recovery>;
  restore: (recovery: Recovery) => FollowedWorld | Promise<FollowedWorld>;
  clock: Clock;
  makeId: () => string;
  report: (status: FollowStatus) => void;
}

/** What a look at the replica has shown. */
interface Look {
  /** All that it had is here. */
  isAll: boolean;
  /** Under which it is written. */
  epoch: number;
}

/** Re-simulates a shard behind its owner, never ahead of what the replica holds. */
export class Follower {
  readonly #options: FollowerOptions;
  #own: Head | undefined;
  #world: FollowedWorld | undefined;
  #state: FollowStatus["state"] = "starting";
  #generation: string | undefined;
  #troubles = 0;
  /** Since when the replica has less than this standby has seen of it. */
  #staleSinceMs: number | undefined;
  /** The replica's tables are this version's. */
  #isChecked = false;
  /** What is kept of the replica here is to be fetched anew. */
  #isOutdated = false;
  /** Nothing but the rest is taken: what would have to be read anew is not. */
  #isFinishing = false;
  #isStopping = false;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Follows from here on. */
  start(): void {
    this.#running = this.#run();
  }

  get state(): FollowStatus["state"] {
    return this.#state;
  }

  /** Undefined until there is a whole state. */
  get progress(): Progress | undefined {
    return this.#world === undefined ? undefined : this.#own?.progress;
  }

  /** Facts of the database that is followed. */
  get facts(): ReadonlyMap<string, string> {
    return this.#own?.facts ?? new Map();
  }

  /** Names the replica's present filling; undefined until it was seen. */
  get generation(): string | undefined {
    return this.#generation;
  }

  get population(): number {
    return this.#world?.population ?? 0;
  }

  /** 16 hex digits; undefined until there is a whole state. */
  get stateHash(): string | undefined {
    return this.#world?.hash();
  }

  /** The replica is not what its owner ships to: what is kept of it here is fetched anew. */
  refetch(): void {
    this.#isOutdated = true;
    this.#wake();
  }

  /**
   * Stops following once all of the replica is here that was written before `epoch` was noted in
   * it, or after so long; the own file is complete then.
   */
  async finish({ epoch, withinMs }: { epoch: number; withinMs: number }): Promise<void> {
    const { clock } = this.#options;
    await this.stop();
    this.#isFinishing = true;
    const endMs = clock.monotonicMs() + withinMs;
    while (clock.monotonicMs() < endMs) {
      const found = await this.#look().catch((error: unknown) => {
        // What it had a moment ago is not all that it has.
        const isPast = error instanceof FollowError && error.state === "stale";
        return isPast ? { isAll: false, epoch: 0 } : undefined;
      });
      if (found === undefined) return;
      if (found.isAll && (found.epoch >= epoch || epoch === 0)) return;
      await this.#pause(LOOK_MS / 10);
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#running;
    this.#isStopping = false;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        const { isAll } = await this.#look();
        this.#troubles = 0;
        this.#staleSinceMs = undefined;
        if (isAll) await this.#pause(LOOK_MS);
      } catch (error) {
        await this.#suffer(error);
      }
    }
  }

  async #look(): Promise<Look> {
    const { reader, own: target, shardKey } = this.#options;
    if (this.#isOutdated) await reader.rebuild();
    this.#isOutdated = false;
    await reader.refresh();
    if (!this.#isChecked) await checkVersion(reader.client, reader.place);
    this.#isChecked = true;
    this.#own ??= await readHead(target);
    if (this.#world === undefined && this.#own.progress !== undefined) await this.#restore();
    const own = this.#own;
    const changes = await readChanges(reader.client, own.progress?.tick ?? -1);
    const { head } = changes;
    this.#generation = head.facts.get(FACT_GENERATION);
    if (head.progress === undefined || head.snapshotTick === undefined) {
      throw new FollowError("waiting", "it is empty; it fills once the owner ships to its primary");
    }
    if (head.facts.has(FACT_FILLING) && this.#world !== undefined) {
      throw new FollowError("waiting", "it is being filled; what was seen is kept meanwhile");
    }
    const standing = compareHeads(head, own, changes.link);
    refuseReplica(standing, head, own);
    refuseOtherShard(head, shardKey);
    if (standing !== "follows" || own.progress === undefined) {
      if (this.#isFinishing) return { isAll: true, epoch: head.progress.epoch };
      await this.#fill(own, standing === "diverged");
      return { isAll: false, epoch: head.progress.epoch };
    }
    await this.#take(changes, { ...own, progress: own.progress });
    this.#report("following", `following the replica ${reader.place}`);
    const tick = this.#own.progress?.tick ?? 0;
    return { isAll: tick >= head.progress.tick, epoch: head.progress.epoch };
  }

  /** Checks, keeps and replays a stretch. */
  async #take(changes: Changes, own: Head & { progress: Progress }): Promise<void> {
    const { reader, own: target } = this.#options;
    const ticks = verifyJournal(changes.journal, own.progress);
    const progress = await writeChanges(target, changes, own);
    const facts = new Map([
      ...own.facts,
      ...Object.entries(newFacts(changes.head.facts, own.facts)),
    ]);
    this.#own = { ...own, facts, progress };
    this.#replay(ticks);
    const copied = await copySnapshot(reader.client, target, {
      progress,
      have: own.snapshotTick ?? -1,
      verify: verifySnapshots,
    });
    this.#own = { ...this.#own, snapshotTick: copied ?? own.snapshotTick };
  }

  #replay(ticks: readonly FollowedTick[]): void {
    const world = this.#world;
    if (world === undefined) return;
    for (const { tick, inputs, stateHash } of ticks) {
      world.replay(inputs);
      if (stateHash === undefined || world.hash() === stateHash) continue;
      this.#isStopping = true;
      throw new FollowError(
        "diverged",
        `after tick ${tick} the state here is not the owner's; the rules differ: run the owner's ` +
          "version of Tessera here, and start this standby again",
      );
    }
  }

  async #fill(head: Head, anew: boolean): Promise<void> {
    const { reader, own: target, makeId } = this.#options;
    this.#world = undefined;
    this.#report("starting", `reading all of the replica ${reader.place}`);
    const progress = await fillCopy({
      source: reader.client,
      target,
      head,
      generation: makeId(),
      anew,
      goOn: () => !this.#isStopping,
    });
    this.#own = undefined;
    if (progress === undefined) throw new FollowError("waiting", "it has no snapshot yet");
  }

  /** The world as the own file has it; a damaged one is given up for the replica's content. */
  async #restore(): Promise<void> {
    const { recover, restore, own } = this.#options;
    try {
      this.#world = await restore(await recover());
    } catch (error) {
      // The disk under the own file, for as long as it lasts.
      if (error instanceof StorageError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (!(error instanceof DatabaseError)) {
        this.#isStopping = true;
        throw new FollowError("diverged", reason);
      }
      const emptied = ["progress", "journal", "snapshots"].map((table) => `DELETE FROM ${table}`);
      await own.batch(emptied, "write");
      this.#own = undefined;
      throw new ReplicaDamage(reason);
    }
  }

  async #suffer(error: unknown): Promise<void> {
    const { reader } = this.#options;
    const { state, text } = followTroubleOf(error, reader.place);
    this.#own = this.#world === undefined ? undefined : this.#own;
    this.#isChecked = false;
    if (this.#isLasting(state)) this.#report(state, text);
    if (error instanceof ReplicaDamage) await reader.rebuild();
    else if (state === "unreachable" || state === "denied") await reader.close();
    this.#troubles += 1;
    const delayMs = RETRY_MS_MIN * 2 ** Math.min(this.#troubles - 1, 10);
    await this.#pause(Math.min(RETRY_MS_MAX, delayMs));
  }

  #isLasting(state: FollowStatus["state"]): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    this.#staleSinceMs = state === "stale" ? (this.#staleSinceMs ?? nowMs) : undefined;
    return this.#staleSinceMs === undefined || nowMs - this.#staleSinceMs >= STALE_MS;
  }

  async #pause(delayMs: number): Promise<void> {
    if (this.#isStopping) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.schedule(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #report(state: FollowStatus["state"], text: string): void {
    this.#state = state;
    this.#options.report({ state, text });
  }
}
