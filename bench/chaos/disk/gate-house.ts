import { type ActionResult, RejectionReason } from "#proto/frame_pb.ts";
import { type ArenaSelf, createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { DiskShard } from "./disk-shard.ts";
import { type Asked, Witness } from "./witness.ts";

const FIGHTERS = 2;

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
}

/** Two who give credits to and fro, some who fight, and what they were shown. */
export class GateHouse {
  readonly figures = {
    trials: 0,
    // Of the gifts: in the database with somebody knowing, with nobody knowing, and not.
    giftsKnown: 0,
    giftsUnseen: 0,
    giftsUndone: 0,
    blowsUndone: 0,
    resultsBeforeCommit: 0,
    acksBeforeResult: 0,
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
    const make = (playerId: string): Witness => {
      const witness: Witness = new Witness({ playerId, clock, heard: () => this.#look(witness) });
      return witness;
    };
    this.#givers = [make("giver-1"), make("giver-2")];
    this.#fighters = Array.from({ length: FIGHTERS }, (_, index) => make(`fighter-${index + 1}`));
    this.#everyone = [...this.#givers, ...this.#fighters];
  }

  async enter(): Promise<void> {
    const { shard } = this.#options;
    const enter = (witness: Witness) =>
      witness.enter(shard.address, () => shard.ticket(witness.playerId));
    await Promise.all(this.#everyone.map(enter));
  }

  leave(): void {
    for (const each of this.#everyone) each.leave();
    this.figures.sessionsLost = this.#everyone.reduce((sum, each) => sum + each.lostSessions, 0);
  }

  /** One gift, one round of blows, one kill. */
  async try(trial: number): Promise<void> {
    const { shard, delayMsMin, delayMsMax } = this.#options;
    // They meet in a corner, also whoever has come back from death elsewhere.
    for (const each of this.#everyone) each.walk(-1, -1);
    shard.orders.order({ msMin: delayMsMin, msMax: delayMsMax, seed: trial });
    await this.#pause(this.#random.below(delayMsMax));
    const gift = this.#act();
    await this.#pause(this.#random.below(delayMsMax + 200));
    await shard.kill();
    this.#gift = undefined;
    const seen = this.#standings();
    const acked = new Map(this.#everyone.map((each) => [each, each.ackedSequence]));
    const { result } = gift;
    shard.orders.order(undefined);
    await shard.run();
    await this.enter();
    const aftermath = { seen, left: this.#standings(), acked };
    this.#judgeGift(gift, aftermath);
    this.#judgeFight(gift, aftermath);
    await this.#askAgain(gift, result);
    this.figures.trials += 1;
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
    const gift = Object.assign(asked, { giver, taker, before, blows });
    this.#gift = gift;
    return gift;
  }

  /** A frame has come: what it says of the gift must be in the database by now. */
  #look(witness: Witness): void {
    const gift = this.#gift;
    if (gift === undefined || witness !== gift.giver) return;
    const { result, sequence } = gift;
    if (result !== undefined && result.tick > this.#options.shard.orders.committedTick) {
      this.figures.resultsBeforeCommit += 1;
    }
    if (result === undefined && witness.ackedSequence >= sequence) {
      this.figures.acksBeforeResult += 1;
    }
  }

  #judgeGift(gift: Gift, { seen, left, acked }: Aftermath): void {
    const { giver, taker, before, result, sequence } = gift;
    const creditsIn = (standings: Standings, witness: Witness) =>
      standings.get(witness)?.credits ?? 0;
    const isKept = creditsIn(left, giver) === creditsIn(before, giver) - 1;
    const wasShown = [giver, taker].some(
      (each) => creditsIn(seen, each) !== creditsIn(before, each),
    );
    const wasAcked = (acked.get(giver) ?? 0) >= sequence;
    const { figures } = this;
    if (isKept) {
      if (wasShown || wasAcked || result !== undefined) figures.giftsKnown += 1;
      else figures.giftsUnseen += 1;
      return;
    }
    figures.giftsUndone += 1;
    if (result !== undefined) figures.undoneResults += 1;
    if (wasAcked) figures.undoneAcks += 1;
    if (wasShown) figures.undoneBroadcasts += 1;
  }

  #judgeFight({ before, blows }: Gift, { seen, left, acked }: Aftermath): void {
    const { figures } = this;
    for (const witness of this.#everyone) {
      const [was, shown, is] = [before, seen, left].map((each) => each.get(witness) ?? NOTHING);
      if (was === undefined || shown === undefined || is === undefined) continue;
      const told = was.deaths + this.#countMost(({ deaths }) => deaths.get(witness.entity));
      const isUndone =
        is.score < shown.score ||
        is.kills < shown.kills ||
        is.deaths < Math.max(shown.deaths, told);
      if (isUndone) figures.undoneBroadcasts += 1;
      const hits = this.#countMost((each) => each.hits.get(witness.entity));
      if (hits === 0 || is.score > was.score) continue;
      figures.blowsUndone += 1;
      const blow = blows.get(witness) ?? Number.POSITIVE_INFINITY;
      if ((acked.get(witness) ?? 0) >= blow) figures.undoneAcks += 1;
    }
  }

  /** The same gift again is answered the same, and has been done once by then. */
  async #askAgain(gift: Gift, result: ActionResult | undefined): Promise<void> {
    const { giver, taker, before } = gift;
    const again = giver.ask(gift.action, gift);
    await giver.until("a result", () => again.result !== undefined);
    await giver.isHeard();
    await taker.isHeard();
    const isSame = result === undefined || result.tick === again.result?.tick;
    const wasDone = again.result?.reason === RejectionReason.UNSPECIFIED;
    const isOnce =
      creditsOf(giver) === (before.get(giver)?.credits ?? 0) - 1 &&
      creditsOf(taker) === (before.get(taker)?.credits ?? 0) + 1;
    if (!isSame || !wasDone || !isOnce) this.figures.notDoneOnce += 1;
  }

  /** What lasts of everybody, at the most that anybody was shown. */
  #standings(): Standings {
    return new Map(
      this.#everyone.map((witness) => {
        const self = witness.self ?? NOTHING;
        const { kills, deaths, credits } = self;
        const shown = this.#countMost(({ scores }) => scores.get(witness.entity));
        return [witness, { score: Math.max(self.score, shown), kills, deaths, credits }];
      }),
    );
  }

  #countMost(read: (witness: Witness) => number | undefined): number {
    return Math.max(...this.#everyone.map((witness) => read(witness) ?? 0));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.schedule(ms, resolve));
  }
}

const NOTHING: Standing = { score: 0, kills: 0, deaths: 0, credits: 0 };

function creditsOf({ self }: Witness): number {
  return self?.credits ?? 0;
}
