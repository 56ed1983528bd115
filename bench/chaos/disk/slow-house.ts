import { NoticeKind, RejectionReason } from "#proto/frame_pb.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import { CreditBook } from "../kill/credit-book.ts";
import { waitUntil } from "../run/waiting.ts";
import type { DiskShard } from "./disk-shard.ts";
import { type Asked, Witness } from "./witness.ts";

/** By then everybody must have been told of a disk that became slow, or well. */
const TOLD_MS_MAX = 10_000;
const { RECOVERED } = NoticeKind;
/** Until what was told to each player must be what was acknowledged. */
const AGREEMENT_MS_MAX = 4_000;

export interface SlowHouseOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly shard: DiskShard;
  readonly givers: number;
}

/** Players who give credits round, one gift after the other, and note what they are told. */
export class SlowHouse {
  readonly figures = {
    giftsDone: 0,
    giftsRefused: 0,
    answersBeforeCommit: 0,
    untold: 0,
    creditsLacking: 0,
    creditsSurplus: 0,
    answersChanged: 0,
    sessionsLost: 0,
  };
  readonly #options: SlowHouseOptions;
  readonly #random: Random;
  readonly #givers: readonly Witness[];
  readonly #last = new Map<Witness, Asked>();
  #book = new CreditBook([]);
  #giving: Promise<unknown> = Promise.resolve();
  #wantsMore = false;

  constructor(options: SlowHouseOptions) {
    const { clock, seed, givers } = options;
    this.#options = options;
    this.#random = createRandom(seed);
    this.#givers = Array.from({ length: givers }, (_, index) => {
      return new Witness({ playerId: `giver-${index + 1}`, clock });
    });
  }

  async enter(): Promise<void> {
    await this.#enterAll();
    this.#book = new CreditBook(this.#credits());
  }

  leave(): void {
    for (const giver of this.#givers) giver.leave();
  }

  /** Lets them give while something is done; the results are how long answers took, in order. */
  async giveDuring(action: () => Promise<void>): Promise<number[]> {
    const waits: number[] = [];
    this.#wantsMore = true;
    this.#giving = Promise.all(this.#givers.map((_, index) => this.#give(index, waits)));
    // Whoever waits in vain says so at once.
    await Promise.race([action(), this.#giving]);
    this.#wantsMore = false;
    await this.#giving;
    return waits.sort((one, other) => one - other);
  }

  /** Waits until each of them was told of a slow disk. */
  hearOfTrouble(): Promise<void> {
    return this.#hear(({ notices }) => notices.at(-1) === NoticeKind.STORAGE_SLOW);
  }

  /** Waits until each who was told of it was told of its end. */
  hearOfRecovery(): Promise<void> {
    return this.#hear(({ notices }) => (notices.at(-1) ?? RECOVERED) === RECOVERED);
  }

  /** Compares what they have with what they were told; adds to the figures what is wrong. */
  async compare(): Promise<void> {
    const compare = () => this.#book.compare(this.#credits());
    const isEqual = () => compare().surplus === 0 && compare().lacking === 0;
    await waitUntil(this.#options.clock, isEqual, AGREEMENT_MS_MAX);
    this.figures.creditsSurplus += compare().surplus;
    this.figures.creditsLacking += compare().lacking;
  }

  /** After a restart: each comes back and asks again for what it was answered last. */
  async comeBack(): Promise<void> {
    await this.#enterAll();
    for (const [giver, asked] of this.#last) {
      const again = giver.ask(asked.action, asked);
      await giver.until("the same result", () => again.result !== undefined);
      if (again.result?.tick !== asked.result?.tick) this.figures.answersChanged += 1;
    }
    await this.compare();
    this.figures.sessionsLost = this.#givers.reduce((sum, each) => sum + each.lostSessions, 0);
  }

  async #hear(wasTold: (giver: Witness) => boolean): Promise<void> {
    await waitUntil(this.#options.clock, () => this.#givers.every(wasTold), TOLD_MS_MAX);
    this.figures.untold += this.#givers.filter((giver) => !wasTold(giver)).length;
  }

  async #enterAll(): Promise<void> {
    const { shard } = this.#options;
    await Promise.all(
      this.#givers.map((giver) => giver.enter(shard.address, () => shard.ticket(giver.playerId))),
    );
  }

  async #give(from: number, waits: number[]): Promise<void> {
    const { orders } = this.#options.shard;
    while (this.#wantsMore) {
      const to = (from + 1 + this.#random.below(this.#givers.length - 1)) % this.#givers.length;
      const [giver, taker] = [this.#givers[from], this.#givers[to]];
      if (giver === undefined || taker === undefined) return;
      const asked = giver.ask({ case: "give", value: { entity: taker.entity } });
      await giver.until("a result", () => asked.result !== undefined);
      const { result, answeredMs = 0 } = asked;
      waits.push(answeredMs - asked.askedMs);
      if ((result?.tick ?? 0) > orders.committedTick) this.figures.answersBeforeCommit += 1;
      const isDone = result?.reason === RejectionReason.UNSPECIFIED;
      this.#book.note(from, to, isDone);
      this.figures[isDone ? "giftsDone" : "giftsRefused"] += 1;
      this.#last.set(giver, asked);
    }
  }

  #credits(): number[] {
    return this.#givers.map(({ self }) => self?.credits ?? 0);
  }
}
