// Frames that carry nothing and are as long as asked for: a ServerFrame with a tick and, up to its
// length, rows of moves of nobody. Clients read them as any other and find nothing in them.

/** A size, and how often it came. */
export interface SizeCount {
  readonly bytes: number;
  readonly count: number;
}

/** Tags of ServerFrame.tick, Tick.tick and Tick.arena_moves. */
const TICK_FRAME = 0x12;
const TICK_NUMBER = 0x08;
const MOVES = 0x32;
/** Varints may be written longer than they must be, so that any number fits the same place. */
const NUMBER_BYTES = 5;
const LENGTH_BYTES = 3;
const TICK_AT = 1 + LENGTH_BYTES + 1;
const MOVES_AT = TICK_AT + NUMBER_BYTES;
const HEAD_BYTES = MOVES_AT + 1 + LENGTH_BYTES;

/** No frame is shorter than this. */
export const FLOOR_FRAME_BYTES_MIN = HEAD_BYTES;

/** A frame of this many bytes, or of the fewest that are possible. */
export function createFloorFrame(bytes: number): Uint8Array {
  const frame = new Uint8Array(Math.max(bytes, FLOOR_FRAME_BYTES_MIN));
  frame[0] = TICK_FRAME;
  writePadded(frame, 1, { value: frame.length - 1 - LENGTH_BYTES, length: LENGTH_BYTES });
  frame[TICK_AT - 1] = TICK_NUMBER;
  setTick(frame, 0);
  frame[MOVES_AT] = MOVES;
  const moves = frame.length - HEAD_BYTES;
  writePadded(frame, MOVES_AT + 1, { value: moves, length: LENGTH_BYTES });
  return frame;
}

/** Writes another tick into a frame. */
export function setTick(frame: Uint8Array, tick: number): void {
  writePadded(frame, TICK_AT, { value: tick, length: NUMBER_BYTES });
}

/** Indices into `sizes`, each as frequent as it came, in an order without a pattern. */
export function shuffleSizes(
  sizes: readonly SizeCount[],
  options: { readonly length: number; readonly below: (bound: number) => number },
): Uint16Array {
  const { length, below } = options;
  const total = sizes.reduce((sum, { count }) => sum + count, 0);
  const order = new Uint16Array(length);
  let filled = 0;
  let counted = 0;
  for (const [index, { count }] of sizes.entries()) {
    counted += count;
    const end = Math.round((length * counted) / total);
    order.fill(index, filled, end);
    filled = end;
  }
  for (let place = length - 1; place > 0; place--) {
    const other = below(place + 1);
    const kept = order[place] ?? 0;
    order[place] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

function writePadded(
  bytes: Uint8Array,
  at: number,
  { value, length }: { value: number; length: number },
): void {
  for (let index = 0; index < length; index++) {
    const more = index < length - 1 ? 0x80 : 0;
    bytes[at + index] = ((value >>> (7 * index)) & 0x7f) | more;
  }
}
