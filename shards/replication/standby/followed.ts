import { basename, dirname, join } from "node:path";
import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ShardConfig } from "../../config.ts";
import type { RecoveryRequest } from "../../persistence/messages.ts";
import { nameDatabaseFile } from "../../region/database-file.ts";
import { restoreWorld } from "../../restore-world.ts";
import { factoryOf } from "../../world/worlds.ts";
import { worldOptionsOf } from "../../world-options.ts";
import { ancestorsOf } from "../copy/compare.ts";
import type { Progress } from "../copy/head.ts";
import { fencePrimary } from "./fence-primary.ts";
import { type FileInPlace, openFileInPlace } from "./file-in-place.ts";
import { type FollowState, type FollowStatus, isFollowTrouble } from "./follow-status.ts";
import { Follower } from "./follower.ts";
import { openReader } from "./open-reader.ts";
import { type OwnCopy, openOwnCopy } from "./own-copy.ts";
import type { ReplicaReader } from "./replica-reader.ts";

/** How long the last look at the replica may take. */
const FINISH_MS_MAX = 2_000;

export interface FollowedOptions {
  config: ShardConfig;
  clock: Clock;
  log: Log;
}

interface Parts {
  readonly own: OwnCopy;
  /** Where `own` is. */
  readonly path: string;
  /** The id that the database gets when it becomes the shard's. */
  readonly nextId: string;
  readonly reader: ReplicaReader;
  readonly inPlace: FileInPlace;
}

/** What a standby has: the replica that it follows, its own copy, and what lies in its place. */
export class Followed {
  readonly #options: FollowedOptions;
  readonly #parts: Parts;
  readonly #follower: Follower;
  #status: FollowStatus = { state: "starting", text: "" };
  /** Why what is followed is not the owner's present state. */
  #stale: string | undefined;
  #isClosed = false;

  private constructor(options: FollowedOptions, parts: Parts) {
    const { config, clock, log } = options;
    const { own, reader } = parts;
    this.#options = options;
    this.#parts = parts;
    const factory = factoryOf(config.world);
    const recover = (request?: RecoveryRequest) => own.recover(request);
    const world = { ...worldOptionsOf(config), log, databasePath: parts.path, recover };
    this.#follower = new Follower({
      shardKey: config.shardKey,
      reader,
      own: own.client,
      recover: () => recover(),
      restore: (recovery) => restoreWorld(factory, recovery, world),
      clock,
      makeId: () => crypto.randomUUID(),
      report: (status) => this.#heard(status),
    });
  }

  /** Opens and locks the files; throws DatabaseError when a process has one of them open. */
  static async open(options: FollowedOptions): Promise<Followed> {
    const { config, clock } = options;
    const { databasePath, standby: place } = config;
    if (place === undefined) throw new Error("cannot stand by: no replica is configured");
    const folder = join(dirname(databasePath), "../standby");
    const path = join(folder, basename(databasePath));
    const inPlace = await openFileInPlace(databasePath);
    try {
      const own = await openOwnCopy(path);
      const nextId = await own.nextId();
      const reader = openReader(place, { path: `${path}.replica`, clock });
      return new Followed(options, { own, path, nextId, reader, inPlace });
    } catch (error) {
      await inPlace.close();
      throw error;
    }
  }

  start(): void {
    this.#follower.start();
  }

  get state(): FollowState {
    const { state } = this.#status;
    return state === "following" && this.#stale !== undefined ? "stale" : state;
  }

  get text(): string {
    return this.#stale ?? this.#status.text;
  }

  /** Undefined until there is a whole state. */
  get progress(): Progress | undefined {
    return this.#follower.progress;
  }

  get tick(): number {
    return this.progress?.tick ?? 0;
  }

  /** Names the replica's present filling. */
  get generation(): string | undefined {
    return this.#follower.generation;
  }

  get population(): number {
    return this.#follower.population;
  }

  /** Of the database that lies where the shard's is to be. */
  get idInPlace(): string | undefined {
    return this.#parts.inPlace.databaseId;
  }

  /** Ids of the lives of the shard's database that this one goes on from, its own next one too. */
  get lives(): readonly string[] {
    const { facts } = this.#follower;
    return [facts.get("database_id") ?? "", this.#parts.nextId, ...ancestorsOf(facts)];
  }

  /** Throws when following it any longer leads nowhere. */
  assertGoesOn(): void {
    if (this.#status.state === "diverged") throw new Error(this.#status.text);
  }

  /** Whether the owner is known to be elsewhere than this replica; said when that changes. */
  tellStale(text: string | undefined): void {
    if (text === this.#stale) return;
    const { log } = this.#options;
    const { place } = this.#parts.reader;
    if (text !== undefined) {
      log.warning(text, { replica: place });
      this.#follower.refetch();
    } else log.info("the replica is what its owner ships to again", { replica: place });
    this.#stale = text;
  }

  /** What is shown when the lease is asked for. */
  claim() {
    const { path, nextId } = this.#parts;
    const { epoch = 0, tick = 0 } = this.progress ?? {};
    return { databaseId: nextId, databaseFile: nameDatabaseFile(path), epoch, tick };
  }

  /**
   * Makes what was followed the shard's database, under the granted epoch. Gives its last tick, and
   * where the database went that was in its place.
   */
  async promote(epoch: number): Promise<{ tick: number; aside: string | undefined }> {
    const { own, path, nextId, inPlace } = this.#parts;
    const isFenced = await this.#fence(epoch);
    await this.#follower.finish({ epoch: isFenced ? epoch : 0, withinMs: FINISH_MS_MAX });
    const { tick } = this;
    await own.succeed(nextId);
    await this.close();
    const aside = await inPlace.replace(path, this.#options.clock.wallMs());
    return { tick, aside };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { own, reader, inPlace } = this.#parts;
    await this.#follower.stop();
    await reader.close();
    await own.close();
    await inPlace.close();
  }

  /** So that the owner from before can add nothing at the primary while the rest is read. */
  async #fence(epoch: number): Promise<boolean> {
    const { config, log } = this.#options;
    if (config.ship === undefined) return false;
    const { facts } = this.#follower;
    try {
      return await fencePrimary({ ...config.ship, epoch, facts });
    } catch (error) {
      log.warning("the primary does not answer: what its replica has is all there is", {
        primary: config.ship.url,
        reason: error instanceof Error ? error.message : String(error),
      });
      return false;
    }
  }

  #heard(status: FollowStatus): void {
    const before = this.#status;
    this.#status = status;
    if (before.state === status.state && before.text === status.text) return;
    const { log } = this.#options;
    if (isFollowTrouble(status.state)) log.warning(status.text, { replica: status.state });
    else log.info(status.text, { replica: status.state, tick: this.tick });
  }
}
