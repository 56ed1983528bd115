// Regions with players, what is done to them, and what is so of each player meanwhile.
import type { Random } from "#shared/sim/kernel/random.ts";
import type { Clock } from "#shared/time/clock.ts";
import { pause, waitUntil } from "../run/waiting.ts";
import type { Truth } from "./presence-judge.ts";
import type { PresenceObserver } from "./presence-observer.ts";
import type { StagePlayer } from "./stage-player.ts";
import type { StageProcess } from "./stage-process.ts";
import type { StageRegion } from "./stage-region.ts";

/** What may happen; in the order in which the first run takes them. */
export const FAULTS = [
  "regionKilled",
  "shardFrozen",
  "playerUnplugged",
  "serverKilled",
  "regionCut",
  "shardKilled",
  "serverFrozen",
  "playerCut",
  "regionFrozen",
  "regionUnplugged",
] as const;
export type PresenceFault = (typeof FAULTS)[number];

/** Longest that is waited for what bars judge. */
const WAIT_MS_MAX = 30_000;
/** Whoever is frozen is so for this long at least. */
const FREEZE_MS_MIN = 5_000;
/** Cuts last longer than a picture is called fresh. */
const CUT_MS_MIN = 12_500;
/** For so long nothing happens between two faults. */
const CALM_MS_MAX = 2_000;

export interface PresenceSceneParts {
  readonly regions: readonly StageRegion[];
  readonly players: readonly StagePlayer[];
  readonly observers: readonly PresenceObserver[];
  readonly clock: Clock;
  readonly random: Random;
  readonly downMsMin: number;
  readonly downMsMax: number;
}

/** Does it, and tells each observer's judge what is so. */
export class PresenceScene {
  readonly #parts: PresenceSceneParts;
  /** Faults after which not all was right in the end. */
  unsettled = 0;
  /** The region that the others cannot hear. */
  #cut: StageRegion | undefined;

  constructor(parts: PresenceSceneParts) {
    this.#parts = parts;
    for (const player of parts.players) {
      this.#follow(player);
      player.watch(() => this.#follow(player));
    }
  }

  /** One fault from its beginning until all is right again. */
  async suffer(fault: PresenceFault): Promise<void> {
    const { clock, random, regions, players, downMsMin, downMsMax } = this.#parts;
    await this.#settle();
    await pause(clock, random.below(CALM_MS_MAX));
    const region = choose(regions, random);
    const ms = downMsMin + random.below(Math.max(1, downMsMax - downMsMin));
    if (fault === "regionKilled") await this.#killRegion(region, ms);
    else if (fault === "serverKilled") await this.#killServer(region, ms);
    else if (fault === "shardKilled") await this.#killShard(region, ms);
    else if (fault === "regionCut") await this.#cutRegion(region, { state: "cut", ms });
    else if (fault === "regionUnplugged") await this.#cutRegion(region, { state: "unplugged", ms });
    else if (fault === "playerCut" || fault === "playerUnplugged") {
      const state = fault === "playerCut" ? "cut" : "unplugged";
      await this.#cutPlayer(choose(players, random), { state, ms });
    } else {
      const shard = choose(region.shards, random);
      const frozen = { shardFrozen: [shard.process], serverFrozen: [region.server] };
      const processes = fault === "regionFrozen" ? region.all : frozen[fault];
      await this.#freeze(region, { processes, ms: Math.max(FREEZE_MS_MIN, ms) });
    }
    if (!(await this.#settle())) this.unsettled += 1;
  }

  async #killRegion(region: StageRegion, ms: number): Promise<void> {
    for (const process of region.all) process.kill();
    this.#deafens(region, { isUp: false });
    this.#tell(this.#of(region), "gone");
    await pause(this.#parts.clock, ms);
    this.#comeBack(this.#of(region));
    await region.server.start();
    this.#hears(region, { anew: true });
    await Promise.all(region.shards.map(({ process }) => process.start()));
  }

  async #killServer(region: StageRegion, ms: number): Promise<void> {
    region.server.kill();
    this.#deafens(region, { isUp: false });
    await pause(this.#parts.clock, ms);
    await region.server.start();
    this.#hears(region, { anew: true });
  }

  async #killShard(region: StageRegion, ms: number): Promise<void> {
    const { key, process } = choose(region.shards, this.#parts.random);
    const players = this.#of(region).filter(({ shardKey }) => shardKey === key);
    process.kill();
    this.#tell(players, "gone");
    await pause(this.#parts.clock, ms);
    this.#comeBack(players);
    await process.start();
  }

  /** Whoever hears nothing of a region cannot tell it from one that is dead. */
  async #cutRegion(
    region: StageRegion,
    { state, ms }: { state: "cut" | "unplugged"; ms: number },
  ): Promise<void> {
    const { observers, clock } = this.#parts;
    region.cable.state = state;
    const others = observers.filter((one) => one.region !== region);
    this.#tell(this.#of(region), "gone", others);
    this.#deafens(region, { isUp: true });
    this.#cut = region;
    await pause(clock, Math.max(CUT_MS_MIN, ms));
    region.cable.state = "open";
    this.#cut = undefined;
    this.#hears(region, { anew: false });
    this.#tell(this.#of(region), "unknown", others);
    for (const player of this.#of(region)) this.#follow(player);
  }

  async #cutPlayer(
    player: StagePlayer,
    { state, ms }: { state: "cut" | "unplugged"; ms: number },
  ): Promise<void> {
    player.cable = state;
    this.#tell([player], "away");
    await pause(this.#parts.clock, ms);
    player.cable = "open";
    this.#follow(player);
  }

  async #freeze(
    region: StageRegion,
    { processes, ms }: { processes: readonly StageProcess[]; ms: number },
  ): Promise<void> {
    const keys = region.shards.filter(({ process }) => processes.includes(process));
    const isIn = (player: StagePlayer) => keys.some(({ key }) => key === player.shardKey);
    const players = this.#of(region).filter(isIn);
    const isServer = processes.includes(region.server);
    for (const process of processes) process.freeze();
    this.#tell(players, "unknown");
    if (isServer) this.#deafens(region, { isUp: false });
    await pause(this.#parts.clock, ms);
    for (const process of processes) process.thaw();
    if (isServer) this.#hears(region, { anew: false });
    for (const player of players) this.#follow(player);
  }

  /** Waits until all play, and all servers say so; false when it takes too long. */
  async #settle(): Promise<boolean> {
    const { clock, players, observers } = this.#parts;
    const isSettled = () =>
      players.every(({ shardKey }) => shardKey !== undefined) &&
      observers.every(({ judge }) => judge.isRight);
    await waitUntil(clock, isSettled, WAIT_MS_MAX);
    return isSettled();
  }

  /** A player is where it says; what has lost its connection is away, unless it is gone. */
  #follow(player: StagePlayer): void {
    const { shardKey } = player;
    const observers = this.#parts.observers.filter(
      ({ region }) => this.#cut !== player.region || region === player.region,
    );
    if (shardKey !== undefined) {
      this.#tell([player], { at: shardKey }, observers);
      return;
    }
    const wasHere = ({ judge }: PresenceObserver) => typeof judge.truthOf(player.id) === "object";
    this.#tell([player], "away", observers.filter(wasHere));
  }

  /** Their shard is started again: it may say of them what it remembers. */
  #comeBack(players: readonly StagePlayer[]): void {
    this.#tell(
      players.filter(({ shardKey }) => shardKey === undefined),
      "unknown",
    );
  }

  #tell(
    players: readonly StagePlayer[],
    truth: Truth,
    observers: readonly PresenceObserver[] = this.#parts.observers,
  ): void {
    const nowMs = this.#parts.clock.monotonicMs();
    for (const { judge } of observers) {
      for (const { id } of players) judge.expect(id, truth, nowMs);
    }
  }

  #deafens(region: StageRegion, { isUp }: { isUp: boolean }): void {
    const nowMs = this.#parts.clock.monotonicMs();
    for (const observer of this.#parts.observers) {
      if (observer.region !== region) continue;
      observer.isUp = isUp;
      observer.judge.deafens(nowMs);
    }
  }

  #hears(region: StageRegion, how: { readonly anew: boolean }): void {
    const nowMs = this.#parts.clock.monotonicMs();
    for (const observer of this.#parts.observers) {
      if (observer.region !== region) continue;
      observer.isUp = true;
      observer.judge.hears(nowMs, how);
    }
  }

  #of(region: StageRegion): StagePlayer[] {
    return this.#parts.players.filter((player) => player.region === region);
  }
}

function choose<T>(from: readonly T[], random: Random): T {
  const one = from[random.below(from.length)];
  if (one === undefined) throw new Error("cannot choose: there is none");
  return one;
}
