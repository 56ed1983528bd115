import type { LabelledValue } from "#shared/infra/metrics.ts";

/** What is counted of each topic. */
export interface TopicFigures {
  /** Handed to the bus, in either way. */
  published: number;
  /** Delivered to handlers here. */
  consumed: number;
  /** Lost at a bound, on the way to a broker that went away, unreadable, or refused. */
  dropped: number;
  /** Came before, or were in the hands of somebody who did not deal with them. */
  redelivered: number;
  /** Sent and not yet held by the bus, or published and not yet on their way. */
  inFlight: number;
}

/** Counts by topic, of one process. */
export class BusFigures {
  readonly #topics = new Map<string, TopicFigures>();

  constructor(topics: readonly string[]) {
    for (const topic of topics) this.of(topic);
  }

  of(topic: string): TopicFigures {
    const known = this.#topics.get(topic);
    if (known !== undefined) return known;
    const figures = { published: 0, consumed: 0, dropped: 0, redelivered: 0, inFlight: 0 };
    this.#topics.set(topic, figures);
    return figures;
  }

  read(what: keyof TopicFigures): LabelledValue[] {
    return [...this.#topics].map(([topic, figures]) => ({
      labels: { topic },
      value: figures[what],
    }));
  }
}
