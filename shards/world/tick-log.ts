/** Records that a log starts with room for. */
const RECORDS_FIRST = 256;

/**
 * What happened in the latest ticks, in records of whole numbers without an object for each. The
 * first word of a record is its tick; records are in order of tick.
 */
export class TickLog {
  readonly #recordWords: number;
  readonly #recordsMax: number;
  #words: Uint32Array;
  /** Records in use, and the one that comes first of them; positions wrap around. */
  #count = 0;
  #first = 0;

  /** `recordsMax` bounds how many are kept; beyond it what is newest is left out. */
  constructor(recordWords: number, recordsMax: number) {
    this.#recordWords = recordWords;
    this.#recordsMax = recordsMax;
    this.#words = new Uint32Array(RECORDS_FIRST * recordWords);
  }

  get count(): number {
    return this.#count;
  }

  /** Appends a record of a tick and returns its number, or -1 when there are too many. */
  add(tick: number): number {
    if (this.#count === this.#recordsMax) return -1;
    if (this.#count * this.#recordWords === this.#words.length) this.#grow();
    const record = this.#count++;
    this.write(record, 0, tick);
    return record;
  }

  write(record: number, word: number, value: number): void {
    this.#words[this.#at(record) + word] = value;
  }

  /** Word 0 to recordWords - 1 of a record, 0 being the oldest. */
  word(record: number, word: number): number {
    return this.#words[this.#at(record) + word] ?? 0;
  }

  /** Drops all records up to a tick. */
  forget(tick: number): void {
    while (this.#count > 0 && this.word(0, 0) <= tick) {
      this.#first = (this.#first + 1) % (this.#words.length / this.#recordWords);
      this.#count -= 1;
    }
  }

  #at(record: number): number {
    return ((this.#first + record) * this.#recordWords) % this.#words.length;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#words.length * 2);
    const head = this.#words.subarray(this.#first * this.#recordWords);
    larger.set(head);
    larger.set(this.#words.subarray(0, this.#first * this.#recordWords), head.length);
    this.#words = larger;
    this.#first = 0;
  }
}
