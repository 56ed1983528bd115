/** A map of bounded size: beyond it the key that was set longest ago is forgotten. */
export class RecentMap<Key, Value> {
  readonly #max: number;
  /** Keys in the order in which they were last set. */
  readonly #values = new Map<Key, Value>();

  /** Keeps at most `max` keys. */
  constructor(max: number) {
    this.#max = max;
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    // To find the oldest takes time: what was deleted before it is gone over.
    if (this.#values.size > this.#max) this.#forgetOldest();
  }

  delete(key: Key): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }

  #forgetOldest(): void {
    const { done, value } = this.#values.keys().next();
    if (done !== true) this.#values.delete(value);
  }
}
