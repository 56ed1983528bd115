/** Events that wait for the moment in which they are shown; beyond it the older half goes. */
const EVENTS_MAX = 512;

/** What happened in sight, until the tick is shown in which it did. */
export class DueEvents<Event> {
  readonly #isUrgent: (event: Event) => boolean;
  #waiting: { tick: number; event: Event }[] = [];

  /** What is urgent is due at once. */
  constructor(isUrgent: (event: Event) => boolean) {
    this.#isUrgent = isUrgent;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(tick: number, event: Event): void {
    this.#waiting.push({ tick, event });
    if (this.#waiting.length > EVENTS_MAX) this.#waiting.splice(0, EVENTS_MAX / 2);
  }

  /** Takes out what is due while `shownTick` is shown. */
  take(shownTick: number): readonly Event[] {
    const due: Event[] = [];
    this.#waiting = this.#waiting.filter(({ tick, event }) => {
      const isDue = tick <= shownTick || this.#isUrgent(event);
      if (isDue) due.push(event);
      return !isDue;
    });
    return due;
  }
}
