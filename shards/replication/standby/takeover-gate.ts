import type { Lease } from "#shared/model/leases.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Progress } from "../copy/head.ts";
import { type FollowState, isUnsound } from "./follow-status.ts";

/** An owner that gave the lease back is given this long to return: somebody meant it to stop. */
const ORDERED_STOP_MS = 30_000;
/** So is one that could not renew its lease since the server was away. */
const SERVER_RETURN_MS = 2_000;
/** What a takeover may lose at most unless somebody asks for it. */
const LOSS_SECONDS_MAX = 10;

/** What a standby has, and what it was told of the owner. */
export interface TakeoverQuestion {
  /** As the server has it now; undefined when nobody ever owned the shard. */
  lease: Lease | undefined;
  state: FollowState;
  progress: Progress | undefined;
  /** Ids of the databases whose history the standby has. */
  lives: readonly string[];
  /** Last tick that the owner told of in any way. */
  ownerTick: number;
}

export interface TakeoverGateOptions {
  clock: Clock;
  tickRate: number;
  /** Somebody asked for it, whatever is lost. */
  takeOver: boolean;
}

/** Decides when a standby may ask for the lease. */
export class TakeoverGate {
  readonly #options: TakeoverGateOptions;
  #givenBackMs: number | undefined;
  #answersSinceMs: number | undefined;

  constructor(options: TakeoverGateOptions) {
    this.#options = options;
  }

  /** The server did not answer: nobody could renew a lease either. */
  serverAway(): void {
    this.#answersSinceMs = undefined;
  }

  /** Why not now; undefined when it may. The empty text is nothing to be told of. */
  judge(question: TakeoverQuestion): string | undefined {
    const { lease, state, progress } = question;
    const nowMs = this.#options.clock.monotonicMs();
    this.#answersSinceMs ??= nowMs;
    const isGivenBack = lease !== undefined && lease.holder === null;
    this.#givenBackMs = isGivenBack ? (this.#givenBackMs ?? nowMs) : undefined;
    if (lease !== undefined && !isGivenBack && lease.leftMs > 0) return "";
    if (progress === undefined || isUnsound(state)) {
      return "the owner is gone, and this standby has no sound state to go on with";
    }
    if (this.#options.takeOver) return undefined;
    if (nowMs - this.#answersSinceMs < SERVER_RETURN_MS) return "";
    if (this.#givenBackMs !== undefined && nowMs - this.#givenBackMs < ORDERED_STOP_MS) {
      return `the owner stopped in order; it may return for ${ORDERED_STOP_MS / 1_000} s`;
    }
    return this.#judgeLoss(question, progress);
  }

  #judgeLoss({ lease, lives, ownerTick }: TakeoverQuestion, progress: Progress) {
    const asked = "start this standby with --take-over to go on with what it has";
    if (lease === undefined) {
      return `the server knows of nobody who owned this shard; start its owner, or ${asked}`;
    }
    if (!lives.includes(lease.databaseId)) {
      return (
        `the owner is gone, and its database ${lease.databaseId} is not the one that was ` +
        `followed; bring the owner back, or ${asked}`
      );
    }
    const ticks = Math.max(lease.tick, ownerTick) - progress.tick;
    if (ticks <= LOSS_SECONDS_MAX * this.#options.tickRate) return undefined;
    return (
      `the owner is gone, but it had told of ${ticks} ticks more than the replica holds; bring ` +
      `the owner back, or ${asked}`
    );
  }
}
