import { create } from "@bufbuild/protobuf";
import { BlocksActionSchema } from "#proto/blocks_pb.ts";
import { walkTo } from "../controls.ts";
import { Emitter } from "../emitter.ts";
import { type SessionOptions, WorldSession } from "../world-session.ts";
import { BlocksScreen } from "./blocks-screen.ts";
import type {
  BlocksLandView,
  BlocksSelfState,
  BlocksSession,
  BlocksSessionEvents,
  BlocksWorldView,
} from "./blocks-session-types.ts";
import type { BlocksTypes } from "./blocks-types.ts";
import { createBlocksWorld } from "./blocks-world.ts";

/** A player's stay in a world of blocks; see `BlocksSession` for what it promises. */
export class GameBlocksSession extends WorldSession<BlocksTypes> implements BlocksSession {
  #screen: BlocksScreen | undefined;

  constructor(options: SessionOptions) {
    const events = new Emitter<BlocksSessionEvents>();
    super({ ...options, world: createBlocksWorld(events), events });
  }

  get selfState(): BlocksSelfState {
    return this.mirror.surroundings.selfState;
  }

  get land(): BlocksLandView {
    return this.mirror.surroundings.land;
  }

  setControls(dx: number, dy: number): void {
    this.hold(walkTo(dx, dy));
  }

  attack(entity: number): void {
    const action = create(BlocksActionSchema, { action: { case: "attack", value: { entity } } });
    this.strike(action, (self) => self.health === 0);
  }

  emote(emote: number): void {
    this.act(create(BlocksActionSchema, { action: { case: "emote", value: { emote } } }));
  }

  sample(nowMs: number = this.clockMs): BlocksWorldView {
    const mirror = this.play(nowMs);
    this.#screen ??= new BlocksScreen(mirror.surroundings.land);
    return this.#screen.draw(mirror, nowMs);
  }
}
