import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema } from "#proto/frame_pb.ts";
import { ArenaView } from "#shared/net/arena-view.ts";
import { BlocksView } from "#shared/net/blocks-view.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readTickFrame } from "#shared/net/tick-reader.ts";
import type { Message } from "./wire.ts";

/** A client's knowledge that compares itself with the shard's state hashes. */
interface ProvingView {
  readonly checks: number;
  readonly mismatches: number;
}

/** What the proofs of a swarm found together. */
export interface SyncTally {
  /** Keyframes of watched cells whose hash was compared. */
  checks: number;
  /** Of those, the ones that were not what the client knew. */
  mismatches: number;
}

/**
 * Follows all frames of one client as a game would, with the client's own view of the world, which
 * compares itself with the shard's state hashes. Some 100 times the price of a cheap client.
 */
export class SyncProof {
  readonly #tally: SyncTally;
  readonly #frame = new TickFrame();
  #view: ArenaView | BlocksView | undefined;

  constructor(tally: SyncTally) {
    this.#tally = tally;
  }

  /** Starts anew with the world that the welcome tells of. */
  welcomed({ bytes, start, end }: Message): void {
    const { frame } = fromBinary(ServerFrameSchema, bytes.subarray(start, end));
    if (frame.case !== "welcome") return;
    const { world } = frame.value;
    if (world.case === "arena") this.#view = new ArenaView(world.value);
    else if (world.case === "blocks") this.#view = new BlocksView(world.value);
  }

  ticked({ bytes, start, end }: Message): void {
    const view = this.#view;
    if (view === undefined) return;
    const { checks, mismatches }: ProvingView = view;
    this.#apply(view, bytes.subarray(start, end));
    this.#tally.checks += view.checks - checks;
    this.#tally.mismatches += view.mismatches - mismatches;
  }

  #apply(view: ArenaView | BlocksView, bytes: Uint8Array): void {
    if (view instanceof ArenaView) {
      if (readTickFrame(bytes, this.#frame)) view.apply(this.#frame);
      return;
    }
    const { frame } = fromBinary(ServerFrameSchema, bytes);
    if (frame.case === "tick") view.apply(frame.value);
  }
}
