import { type ActionResult, RejectionReason } from "#proto/frame_pb.ts";
import { type ArenaSelf, createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import { pause } from "../run/waiting.ts";
import type { DiskShard } from "./disk-shard.ts";
import { type Asked, Witness } from "./witness.ts";

const FIGHTERS = 2;
/** The kill comes no sooner after the act: it must have reached a tick by then. */
const STEPPED_MS = 40;
/** A walk through the whole arena of the experiment. */
const GATHER_MS = 2_700;

/** What lasts of a player, and the greatest of it that anybody was shown. */
type Standing = Pick<ArenaSelf, "score" | "kills" | "deaths" | "credits">;
type Standings = ReadonlyMap<Witness, Standing>;

/** A gift, and how things stood before it. */
interface Gift extends Asked {
  readonly giver: Witness;
  readonly taker: Witness;
  readonly before: Standings;
  /** Sequences of the fighters' blows of the same moment. */
  readonly blows: ReadonlyMap<Witness, number>;
  /** How far the database was when each of these came first. */
  readonly committedAt: { result?: number; ack?: number; sight?: number };
}

/** What became of the acts of one moment. */
interface Aftermath {
  /** As everybody was shown them before the kill, and as they are after it. */
  readonly seen: Standings;
  readonly left: Standings;
  /** Last sequences that were acknowledged before. */
  readonly acked: ReadonlyMap<Witness, number>;
}

export interface GateHouseOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly shard: DiskShard;
  /** What a commit takes. */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** Latest kill after an act. */
  readonly killMsMax: number;
  /** Whether the shard is told of commits before they are done. */
  readonly isGateOff: boolean;
}

/** Two who give credits to and fro, some who fight, and what they were shown. */
export class GateHouse {
  readonly figures = {
    /** Kills while the gift was in no database, or was and nobody had been told. */
    trials: 0,
    kills: 0,
    giftsUndone: 0,
    giftsUnseen: 0,
    giftsKnown: 0,
    blowsUndone: 0,
    resultsBeforeCommit: 0,
    acksBeforeCommit: 0,
    shownBeforeCommit: 0,
    undoneResults: 0,
    undoneAcks: 0,
    undoneBroadcasts: 0,
    notDoneOnce: 0,
    sessionsLost: 0,
  };
  readonly #options: GateHouseOptions;
  readonly #random: Random;
  readonly #givers: readonly [Witness, Witness];
  readonly #fighters: readonly Witness[];
  readonly #everyone: readonly Witness[];
  #gift: Gift | undefined;

  constructor(options: GateHouseOptions) {
    const { clock, seed } = options;
    this.#options = options;
    this.#random = createRandom(seed);
    const make = (playerId: string): Witness =>
      new Witness({ playerId, clock, heard: () => this.#look() });
    this.#givers = [make("giver-1"), make("giver-2")];
    this.#fighters = Array.from({ length: FIGHTERS }, (_, index) => make(`fighter-${index + 1}`));
    this.#everyone = [...this.#givers, ...this.#fighters];
  }

  /** Brings everyone in, and to where they can reach each other. */
  async begin(): Promise<void> {
    await this.#enter();
    this.#gather();
    await pause(this.#options.clock, GATHER_MS);
  }

  leave(): void {
    for (const each of this.#everyone) each.leave();
  }

  /** One gift, one round of blows, one kill. */
  async kill(): Promise<void> {
    const { shard, clock, delayMsMin, delayMsMax, killMsMax, isGateOff } = this.#options;
    // Also whoever has come back from death elsewhere.
    this.#gather();
    const seed = this.#random.below(2 ** 31);
    shard.orders.order({ msMin: delayMsMin, msMax: delayMsMax, seed, isLying: isGateOff });
    await pause(clock, this.#random.below(delayMsMax));
    const gift = this.#act();
    await pause(clock, STEPPED_MS + this.#random.below(Math.max(1, killMsMax - STEPPED_MS)));
    await shard.kill();
    // What was on its way to them counts as well.
    await Promise.all(this.#everyone.map((each) => each.until("the end", () => each.isClosed)));
    this.#gift = undefined;
    const seen = this.#standings();
    const acked = new Map(this.#everyone.map((each) => [each, each.ackedSequence]));
    const { result } = gift;
    shard.orders.order(undefined);
    await shard.run();
    await this.#enter();
    const aftermath = { seen, left: this.#standings(), acked };
    this.#judgeFight(gift, aftermath);
    this.#judgeGift(gift, aftermath, await this.#askAgain(gift, result));
    this.figures.kills += 1;
    this.figures.sessionsLost = this.#everyone.reduce((sum, each) => sum + each.lostSessions, 0);
  }

  async #enter(): Promise<void> {
    const { shard } = this.#options;
    const enter = (witness: Witness) =>
      witness.enter(shard.address, () => shard.ticket(witness.playerId));
    await Promise.all(this.#everyone.map(enter));
  }

  /** They meet in a corner. */
  #gather(): void {
    for (const each of this.#everyone) each.walk(-1, -1);
  }

  /** Everyone does something lasting. */
  #act(): Gift {
    const [one, other] = this.#givers;
    const isFirst = this.#random.below(2) === 0 ? creditsOf(one) > 0 : creditsOf(other) === 0;
    const [giver, taker] = isFirst ? [one, other] : [other, one];
    const before = this.#standings();
    for (const each of this.#everyone) each.forgetEvents();
    const asked = giver.ask({ case: "give", value: { entity: taker.entity } });
    const blows = new Map<Witness, number>();
    for (const fighter of this.#fighters) {
      fighter.act({ case: "face", value: { right: this.#random.below(2) === 0 } });
      blows.set(fighter, fighter.act({ case: "attack", value: {} }));
    }
    const gift = Object.assign(asked, { giver, taker, before, blows, committedAt: {} });
    this.#gift = gift;
    return gift;
  }

  /** A frame has come: how far was the database when somebody first learned of the gift? */
  #look(): void {
    const gift = this.#gift;
    if (gift === undefined) return;
    const { giver, result, sequence, committedAt } = gift;
    const { orders } = this.#options.shard;
    if (result !== undefined) committedAt.result ??= orders.committedTick;
    if (giver.ackedSequence >= sequence) committedAt.ack ??= orders.committedTick;
    if (isShown(gift)) committedAt.sight ??= orders.committedTick;
  }

  /** `tick` is the one in which the gift was done for good. */
  #judgeGift(gift: Gift, { left }: Aftermath, tick: number): void {
    const { giver, before, committedAt } = gift;
    const { result, ack, sight } = committedAt;
    const { figures } = this;
    const isKept = left.get(giver)?.credits === (before.get(giver)?.credits ?? 0) - 1;
    if (!isKept) {
      figures.trials += 1;
      figures.giftsUndone += 1;
      if (result !== undefined) figures.undoneResults += 1;
      if (ack !== undefined) figures.undoneAcks += 1;
      if (sight !== undefined) figures.undoneBroadcasts += 1;
      return;
    }
    if (result === undefined && ack === undefined && sight === undefined) {
      figures.trials += 1;
      figures.giftsUnseen += 1;
      return;
    }
    figures.giftsKnown += 1;
    if (result !== undefined && result < tick) figures.resultsBeforeCommit += 1;
    if (ack !== undefined && ack < tick) figures.acksBeforeCommit += 1;
    if (sight !== undefined && sight < tick) figures.shownBeforeCommit += 1;
  }

  #judgeFight({ before, blows }: Gift, { seen, left, acked }: Aftermath): void {
    const { figures } = this;
    for (const witness of this.#everyone) {
      const [was, shown, is] = [before, seen, left].map((each) => each.get(witness));
      if (was === undefined || shown === undefined || is === undefined) continue;
      const told = was.deaths + this.#countMost(({ deaths }) => deaths.get(witness.entity));
      const isUndone =
        is.score < shown.score ||
        is.kills < shown.kills ||
        is.deaths < Math.max(shown.deaths, told);
      if (isUndone) figures.undoneBroadcasts += 1;
      // Hits are shown at once, the score that they earn only when it is safe.
      const hits = this.#countMost((each) => each.hits.get(witness.entity));
      if (hits === 0 || is.score > was.score) continue;
      figures.blowsUndone += 1;
      const blow = blows.get(witness) ?? Number.POSITIVE_INFINITY;
      if ((acked.get(witness) ?? 0) >= blow) figures.undoneAcks += 1;
    }
  }

  /** The same gift again is answered the same, and has been done once by then; gives its tick. */
  async #askAgain(gift: Gift, result: ActionResult | undefined): Promise<number> {
    const { giver, taker, before } = gift;
    const again = giver.ask(gift.action, gift);
    await giver.until("a result", () => again.result !== undefined);
    await giver.isHeard();
    await taker.isHeard();
    const tick = again.result?.tick ?? 0;
    const isSame = result === undefined || result.tick === tick;
    const wasDone = again.result?.reason === RejectionReason.UNSPECIFIED;
    const isOnce =
      creditsOf(giver) === (before.get(giver)?.credits ?? 0) - 1 &&
      creditsOf(taker) === (before.get(taker)?.credits ?? 0) + 1;
    if (!isSame || !wasDone || !isOnce) this.figures.notDoneOnce += 1;
    return tick;
  }

  /** What lasts of everybody, at the most that anybody was shown. */
  #standings(): Standings {
    return new Map(
      this.#everyone.map((witness) => {
        const { score = 0, kills = 0, deaths = 0, credits = 0 } = witness.self ?? {};
        const shown = this.#countMost(({ scores }) => scores.get(witness.entity));
        return [witness, { score: Math.max(score, shown), kills, deaths, credits }];
      }),
    );
  }

  #countMost(read: (witness: Witness) => number | undefined): number {
    return Math.max(...this.#everyone.map((witness) => read(witness) ?? 0));
  }
}

/** Whether either side has been shown other credits than before. */
function isShown({ giver, taker, before }: Gift): boolean {
  return [giver, taker].some((each) => creditsOf(each) !== before.get(each)?.credits);
}

function creditsOf({ self }: Witness): number {
  return self?.credits ?? 0;
}
