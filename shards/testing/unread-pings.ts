/** Pings that a client on paper has not read yet; it answers them, in order, once it reads. */
export class UnreadPings {
  readonly #answer: (payload: Uint8Array) => void;
  #waiting: Uint8Array[] = [];

  constructor(answer: (payload: Uint8Array) => void) {
    this.#answer = answer;
  }

  /** A ping arrives. */
  add(payload: Uint8Array, isReading: boolean): void {
    this.#waiting.push(payload.slice());
    if (isReading) this.read();
  }

  read(): void {
    for (const payload of this.#waiting.splice(0)) this.#answer(payload);
  }
}
