import { create } from "@bufbuild/protobuf";
import { ArenaActionSchema } from "#proto/arena_pb.ts";
import { walkTo } from "../controls.ts";
import { Emitter } from "../emitter.ts";
import type { Mirror } from "../mirror.ts";
import type { ArenaView, SelfState, Session } from "../session-types.ts";
import { type SessionOptions, WorldSession } from "../world-session.ts";
import { ArenaScreen } from "./arena-screen.ts";
import type { ArenaTypes } from "./arena-types.ts";
import { createArenaWorld } from "./arena-world.ts";

const NOBODY: SelfState = {
  kills: 0,
  deaths: 0,
  score: 0,
  credits: 0,
  health: 0,
  respawnTick: 0,
  attackReadyTick: 0,
};

/** A player's stay in an arena; see `Session` for what it promises. */
export class GameArenaSession extends WorldSession<ArenaTypes> implements Session {
  readonly #screen = new ArenaScreen();
  /** What is drawn: the last world stays until there is something to see of the next one. */
  #shown: Mirror<ArenaTypes> | undefined;

  constructor(options: SessionOptions) {
    super({ ...options, world: createArenaWorld(), events: new Emitter() });
  }

  get selfState(): SelfState {
    // As it was shown last, until the next world tells.
    const own = this.own ?? this.#shown?.predictor?.current;
    return own ?? NOBODY;
  }

  setControls(dx: number, dy: number): void {
    this.hold(walkTo(dx, dy));
  }

  face(right: boolean): void {
    if (this.own?.facingRight === right) return;
    this.act(create(ArenaActionSchema, { action: { case: "face", value: { right } } }));
  }

  attack(): void {
    const action = create(ArenaActionSchema, { action: { case: "attack", value: {} } });
    this.strike(action, (self, tick) => self.respawnTick > tick);
  }

  sample(nowMs: number = this.clockMs): ArenaView {
    const mirror = this.play(nowMs);
    const { surroundings, time, predictor } = mirror;
    const isVisible =
      predictor !== undefined && time.renderTick(nowMs) >= surroundings.others.firstTick;
    if (isVisible || this.#shown === undefined) this.#shown = mirror;
    return this.#screen.draw(this.#shown, nowMs, this.status === "playing");
  }
}
