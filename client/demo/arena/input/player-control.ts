/** From what is held and pressed to what the session is told. */
import type { Session } from "../../../sdk/session-types.ts";
import { type Direction, STANDING } from "../../input/direction.ts";

/** What is wanted in one frame. */
export interface Wish {
  /** The first one that is not standing counts. */
  readonly directions: readonly Direction[];
  readonly attack: boolean;
  /** Side to strike to; null keeps the present one. */
  readonly faceRight: boolean | null;
}

/** What the own player does, as far as it matters here. */
export interface SelfNow {
  readonly state: "idle" | "moving" | "attacking" | "dead";
  readonly facingRight: boolean;
}

export type ControlledSession = Pick<Session, "setControls" | "face" | "attack">;

/** Seconds between two attempts to strike while the button is held. */
export const ATTEMPT_SECONDS = 0.12;

/** Tells the session about changes only, and never floods it. */
export class PlayerControl {
  #direction: Direction = STANDING;
  #restSeconds = 0;

  /** Applies a frame's wish. */
  apply(session: ControlledSession, wish: Wish, now: { self: SelfNow | null; dt: number }): void {
    this.#restSeconds -= now.dt;
    const wanted = wish.directions.find((each) => each.dx !== 0 || each.dy !== 0) ?? STANDING;
    if (wanted.dx !== this.#direction.dx || wanted.dy !== this.#direction.dy) {
      this.#direction = wanted;
      session.setControls(wanted.dx, wanted.dy);
    }
    const { self } = now;
    if (!wish.attack || self === null || this.#restSeconds > 0) return;
    if (self.state === "attacking" || self.state === "dead") return;
    this.#restSeconds = ATTEMPT_SECONDS;
    if (wish.faceRight !== null && wish.faceRight !== self.facingRight) {
      session.face(wish.faceRight);
    }
    session.attack();
  }

  /** Forgets what the last session was told. */
  reset(): void {
    this.#direction = STANDING;
    this.#restSeconds = 0;
  }
}
