import { BlocksActionSchema } from "#proto/blocks_pb.ts";
import type { Tick } from "#proto/frame_pb.ts";
import { UNITS_PER_BLOCK } from "#shared/net/protocol.ts";
import { ActionError } from "../action-error.ts";
import type { ClientWorld, Foresight } from "../client-world.ts";
import { WALK } from "../controls.ts";
import type { Emitter } from "../emitter.ts";
import { decodeServerFrame } from "../encoder.ts";
import { messageOf } from "./blocks-message.ts";
import type { BlocksSessionEvent, BlocksSessionEvents } from "./blocks-session-types.ts";
import { BlocksSurroundings } from "./blocks-surroundings.ts";
import type { BlocksTypes } from "./blocks-types.ts";
import { foreseenBlock } from "./foreseen-block.ts";

/** Places are hundredths of a block. */
const SCALE = { unit: 100, smoothedMax: 300, smoothingMs: 50, leap: 100 };
/** Blocks. */
const VIEWPORT = { width: 50, height: 38 };
/** First byte of a server frame that holds a tick. */
const TICK_TAG = 0x12;

/** The world of blocks as the SDK plays it; `events` hears of its land. */
export function createBlocksWorld(events: Emitter<BlocksSessionEvents>): ClientWorld<BlocksTypes> {
  return {
    name: "blocks",
    scale: SCALE,
    viewport: VIEWPORT,
    viewportUnit: UNITS_PER_BLOCK,
    controls: WALK,
    form: {
      controls: (value) => ({ case: "blocks", value }),
      action: (value) => ({ case: "blocks", value }),
    },
    actionSchema: BlocksActionSchema,
    messageOf,
    parametersOf: ({ world }) => (world.case === "blocks" ? world.value : undefined),
    readTick,
    open: (options) =>
      new BlocksSurroundings({
        ...options,
        chunk: (event) => events.emit("chunk", event),
        self: (state) => events.emit("self", state),
      }),
    concerns,
    foresee: (foresight) => foresee(foresight, events),
  };
}

function readTick(bytes: Uint8Array): Tick | undefined {
  if (bytes[0] !== TICK_TAG) return undefined;
  const { frame } = decodeServerFrame(bytes);
  return frame.case === "tick" ? frame.value : undefined;
}

function concerns(event: BlocksSessionEvent, entityId: number): boolean {
  if (event.type === "hit") return event.attacker === entityId || event.target === entityId;
  if (event.type === "death") return event.entity === entityId || event.killer === entityId;
  return event.entity === entityId;
}

/** Shows what is built or broken at once; refused, it goes. */
function foresee(foresight: Foresight<BlocksTypes>, events: Emitter<BlocksSessionEvents>): void {
  const { land } = foresight.surroundings;
  const foreseen = foreseenBlock(foresight);
  const edit = foreseen && land.edit(foreseen.place, foreseen.block);
  if (foreseen === undefined || edit === undefined) return;
  foresight.outcome.then(
    ({ tick }) => land.settle(edit, tick),
    (error: unknown) => {
      land.undo(edit);
      const reason = error instanceof ActionError ? error.reason : null;
      events.emit("rollback", { place: foreseen.place, reason });
    },
  );
}
