/** Lives of a region that are remembered; what comes of an earlier one is taken as new. */
const INCARNATIONS_MAX = 8;
/** Batches remembered that came before an earlier one; then those that miss are given up. */
const AHEAD_MAX = 4_096;

/** What is there of one life of a region. */
interface Received {
  readonly incarnation: number;
  /** All up to this one. */
  sequence: number;
  readonly ahead: Set<number>;
}

/** Which batches of a region were taken: each counts once, and what is missing is known. */
export class ReceivedBatches {
  /** By their last batch, the latest at the end. */
  readonly #lives: Received[] = [];

  /** What is there of the life that was last heard of. */
  get latest(): { incarnation: number; sequence: number } | undefined {
    const latest = this.#lives.at(-1);
    return latest && { incarnation: latest.incarnation, sequence: latest.sequence };
  }

  has(incarnation: number, sequence: number): boolean {
    const life = this.#lives.find((each) => each.incarnation === incarnation);
    return life !== undefined && (sequence <= life.sequence || life.ahead.has(sequence));
  }

  /** Notes a batch that is applied for good. */
  note(incarnation: number, sequence: number): void {
    const life = this.#lifeOf(incarnation);
    if (sequence <= life.sequence) return;
    life.ahead.add(sequence);
    if (life.ahead.size > AHEAD_MAX) life.sequence = Math.min(...life.ahead) - 1;
    while (life.ahead.delete(life.sequence + 1)) life.sequence += 1;
  }

  /** All that the region said up to this batch is there, in whichever way it came. */
  noteAll(incarnation: number, sequence: number): void {
    const life = this.#lifeOf(incarnation);
    life.sequence = Math.max(life.sequence, sequence);
    for (const each of life.ahead) if (each <= life.sequence) life.ahead.delete(each);
    while (life.ahead.delete(life.sequence + 1)) life.sequence += 1;
  }

  #lifeOf(incarnation: number): Received {
    const at = this.#lives.findIndex((each) => each.incarnation === incarnation);
    const [known] = at < 0 ? [] : this.#lives.splice(at, 1);
    const life = known ?? { incarnation, sequence: 0, ahead: new Set<number>() };
    this.#lives.push(life);
    if (this.#lives.length > INCARNATIONS_MAX) this.#lives.shift();
    return life;
  }
}
