import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema } from "#proto/frame_pb.ts";
import { ArenaView } from "#shared/net/arena-view.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readTickFrame } from "#shared/net/tick-reader.ts";
import type { Message } from "./wire.ts";

/** What the proofs of a swarm found together. */
export interface SyncTally {
  /** Keyframes of watched cells whose hash was compared. */
  checks: number;
  /** Of those, the ones that were not what the client knew. */
  mismatches: number;
}

/**
 * Follows all frames of one client as a game would, with the client's own view of the arena, which
 * compares itself with the shard's state hashes. Some 100 times the price of a cheap client.
 */
export class SyncProof {
  readonly #tally: SyncTally;
  readonly #frame = new TickFrame();
  #view: ArenaView | undefined;

  constructor(tally: SyncTally) {
    this.#tally = tally;
  }

  /** Starts anew with the world that the welcome tells of. */
  welcomed({ bytes, start, end }: Message): void {
    const { frame } = fromBinary(ServerFrameSchema, bytes.subarray(start, end));
    if (frame.case !== "welcome" || frame.value.world.case !== "arena") return;
    this.#view = new ArenaView(frame.value.world.value);
  }

  ticked({ bytes, start, end }: Message): void {
    const view = this.#view;
    if (view === undefined || !readTickFrame(bytes.subarray(start, end), this.#frame)) return;
    const { checks, mismatches } = view;
    view.apply(this.#frame);
    this.#tally.checks += view.checks - checks;
    this.#tally.mismatches += view.mismatches - mismatches;
  }
}
