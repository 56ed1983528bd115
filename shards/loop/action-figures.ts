import { RejectionReason } from "#proto/frame_pb.ts";
import type { LabelledValue } from "#shared/infra/metrics.ts";
import type { WorldEffects } from "../world/world-effects.ts";

const { UNSPECIFIED: DONE, ...REASONS } = RejectionReason;
/** Reasons by number; the enumeration has each in both directions. */
const NAMES: readonly (readonly [reason: number, name: string])[] = Object.entries(REASONS).flatMap(
  ([name, reason]) => (typeof reason === "number" ? [[reason, name.toLowerCase()] as const] : []),
);

/** What the rules said to players' commands: refusals by reason, and durable actions done. */
export class ActionFigures {
  done = 0;
  readonly #refused = new Map<number, number>();

  /** Takes what a tick led to. */
  count({ rejections, outcomes }: Pick<WorldEffects, "rejections" | "outcomes">): void {
    for (const { reason } of rejections) this.#refuse(reason);
    for (const { reason } of outcomes) {
      if (reason === DONE) this.done += 1;
      else this.#refuse(reason);
    }
  }

  /** How many were refused, for every reason that there is. */
  get refused(): LabelledValue[] {
    return NAMES.map(([reason, name]) => {
      return { labels: { reason: name }, value: this.#refused.get(reason) ?? 0 };
    });
  }

  #refuse(reason: RejectionReason): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
  }
}
