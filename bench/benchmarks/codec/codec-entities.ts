import { createRandom, entityId, packArenaPose } from "#shared/sim/index.ts";

/** Entities as the shard has them: columns of numbers, and names. */
export interface CodecEntities {
  readonly count: number;
  /** Where they are in the columns. */
  readonly rows: Uint32Array;
  readonly ids: Uint32Array;
  readonly xs: Uint32Array;
  readonly ys: Uint32Array;
  readonly poses: Uint8Array;
  readonly wounds: Uint8Array;
  readonly scores: Uint32Array;
  /** By how much each is off its foretold place. */
  readonly dxs: Int32Array;
  readonly dys: Int32Array;
  readonly names: readonly string[];
}

/** Tenths of a unit on a side of the world of ten thousand players. */
const SIDE = 140_000;
const ROWS = 10_000;
const MOVING = 2;
/** A turn may be three ticks old: twice 96 tenths each way. */
const CORRECTION_MAX = 192;

/** Entities that have turned: ids, places and corrections as a shard of 10,000 players has. */
export function createCodecEntities(count: number): CodecEntities {
  const random = createRandom(7);
  const each = (make: (index: number) => number) =>
    Array.from({ length: count }, (_, i) => make(i));
  const correction = () => random.below(2 * CORRECTION_MAX + 1) - CORRECTION_MAX;
  const pose = () => {
    const dx = random.below(3) - 1;
    return packArenaPose({ dx, dy: dx === 0 ? 1 : 0, facingRight: dx > 0, state: MOVING });
  };
  return {
    count,
    rows: Uint32Array.from(each((index) => index)),
    ids: Uint32Array.from(each(() => entityId(random.below(ROWS), 1 + random.below(4)))),
    xs: Uint32Array.from(each(() => random.below(SIDE))),
    ys: Uint32Array.from(each(() => random.below(SIDE))),
    poses: Uint8Array.from(each(pose)),
    wounds: Uint8Array.from(each(() => 20 * random.below(5))),
    scores: Uint32Array.from(each(() => random.below(400))),
    dxs: Int32Array.from(each(correction)),
    dys: Int32Array.from(each(correction)),
    names: each((index) => index).map((index) => `Player ${index}`),
  };
}
