/** Lives of a region that are remembered; what comes of an earlier one is taken as new. */
const INCARNATIONS_MAX = 8;
/** Batches remembered that came before an earlier one; then what misses is not waited for. */
const AHEAD_MAX = 4_096;
/** Of those, the latest that are taken if they come after all. */
const LATE_MAX = 4_096;

/** What is there of one life of a region. */
interface Received {
  readonly incarnation: number;
  /** All up to this one. */
  sequence: number;
  readonly ahead: Set<number>;
  /** Before `sequence`, and not there: no longer waited for, but taken if they come. */
  readonly late: Set<number>;
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
    if (life === undefined) return false;
    return sequence <= life.sequence ? !life.late.has(sequence) : life.ahead.has(sequence);
  }

  /** Notes a batch that is applied for good. */
  note(incarnation: number, sequence: number): void {
    const life = this.#lifeOf(incarnation);
    if (life.late.delete(sequence) || sequence <= life.sequence) return;
    life.ahead.add(sequence);
    if (life.ahead.size > AHEAD_MAX) advance(life, Math.min(...life.ahead) - 1);
    else advance(life, life.sequence);
  }

  /** Batches up to this one are not waited for: what they changed is known in another way. */
  excuse(incarnation: number, sequence: number): void {
    const life = this.#lifeOf(incarnation);
    if (sequence > life.sequence) advance(life, sequence);
  }

  #lifeOf(incarnation: number): Received {
    const at = this.#lives.findIndex((each) => each.incarnation === incarnation);
    const [known] = at < 0 ? [] : this.#lives.splice(at, 1);
    const life = known ?? emptyLife(incarnation);
    this.#lives.push(life);
    if (this.#lives.length > INCARNATIONS_MAX) this.#lives.shift();
    return life;
  }
}

function emptyLife(incarnation: number): Received {
  return { incarnation, sequence: 0, ahead: new Set(), late: new Set() };
}

function advance(life: Received, to: number): void {
  for (let each = Math.max(life.sequence, to - LATE_MAX) + 1; each <= to; each += 1) {
    if (!life.ahead.delete(each)) life.late.add(each);
  }
  life.sequence = Math.max(life.sequence, to);
  for (const each of life.ahead) if (each <= life.sequence) life.ahead.delete(each);
  while (life.ahead.delete(life.sequence + 1)) life.sequence += 1;
  for (const each of life.late) {
    if (life.late.size <= LATE_MAX) break;
    life.late.delete(each);
  }
}
