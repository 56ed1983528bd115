import type { Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { SessionStatus } from "../sdk/session-types.ts";

/** A bot in a world: its session, and what it does when it has a thought. */
export interface BotPlay {
  readonly session: {
    readonly status: SessionStatus;
    leave(): Promise<void>;
    on(name: "status", handler: (status: SessionStatus) => void): () => void;
  };
  act(nowMs: number): void;
}

export interface PlayOptions {
  readonly random: Random;
  readonly clock: Clock;
  /** The region, when it matters. */
  readonly where: { readonly region?: string };
}
