import { HeldKeys } from "../../input/held-keys.ts";

type Meaning = "attack" | "respawn" | "give";

const KEYS: Readonly<Record<string, Meaning>> = {
  Space: "attack",
  KeyR: "respawn",
  KeyG: "give",
};

/** The arena's keys. */
export class Keyboard extends HeldKeys<Meaning> {
  constructor() {
    super(KEYS);
  }

  /** Whether to strike: held, or pressed since the last call. */
  takeAttack(): boolean {
    return this.take("attack") || this.holds("attack");
  }
}
