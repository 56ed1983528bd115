// How one who walks is told of in five bytes.
//
// Almost all that happens in a crowd is that somebody turns. Whoever walks over free land goes at
// the speed of its kind in one of eight directions, and faces there; one that goes diagonally along
// a wall has what is left of that on one axis. So kind, facing and one of four gaits say the
// velocity, exactly, and a turn is a place within the chunk, a facing, a gait and an age. All else
// that may be new of an entity, and all other ways of moving, are told by a whole record.
import { axisSpeed, BLOCKS_FACINGS, BlocksKind, speedOf } from "#shared/sim/index.ts";

/** Velocities are told in so many parts of a hundredth of a block for each tick. */
export const BLOCKS_VELOCITY_PARTS = 64;

/** How one moves who faces somewhere: not, freely, or on one axis since the other is blocked. */
export const GAIT = { stands: 0, walks: 1, slidesX: 2, slidesY: 3 } as const;
const GAITS = 4;
/** Gait of one whose velocity is none of these. */
export const NO_GAIT = 255;

/** Ticks that a turn may lie back. */
export const TURN_AGE_MAX = 31;

/** Bits of a turn, from the lowest: x, y in hundredths within the chunk, facing, gait, age. */
const PLACE_BITS = 11;
const FACING_BITS = 3;
const GAIT_BITS = 2;
const PLACE_MASK = (1 << PLACE_BITS) - 1;
const FACING_SHIFT = 2 * PLACE_BITS;
const GAIT_SHIFT = FACING_SHIFT + FACING_BITS;
const AGE_SHIFT = GAIT_SHIFT + GAIT_BITS;

const FACINGS = 1 << FACING_BITS;
const KINDS = BlocksKind.Vehicle + 1;

/** A row of Cell.blocks_turns beside its id. */
export interface BlocksTurn {
  /** Hundredths of a block, from the chunk's north-west corner. */
  x: number;
  y: number;
  facing: number;
  gait: number;
  /** Ticks since it was there. */
  age: number;
}

/** 32 bits, of which the upper ones are mostly 0. */
export function packTurn({ x, y, facing, gait, age }: Readonly<BlocksTurn>): number {
  const place = x | (y << PLACE_BITS);
  return (place | (facing << FACING_SHIFT) | (gait << GAIT_SHIFT) | (age << AGE_SHIFT)) >>> 0;
}

/** Reads what `packTurn` gave. */
export function unpackTurn(bits: number, into: BlocksTurn): void {
  into.x = bits & PLACE_MASK;
  into.y = (bits >>> PLACE_BITS) & PLACE_MASK;
  into.facing = (bits >>> FACING_SHIFT) & (FACINGS - 1);
  into.gait = (bits >>> GAIT_SHIFT) & (GAITS - 1);
  into.age = bits >>> AGE_SHIFT;
}

/** Velocities of all kinds in all gaits at a tick rate, in 64ths of a hundredth for each tick. */
export class BlocksGaits {
  readonly #vx = new Int32Array(KINDS * FACINGS * GAITS);
  readonly #vy = new Int32Array(KINDS * FACINGS * GAITS);

  constructor(tickRate: number) {
    for (let kind = 0; kind < KINDS; kind++) {
      for (let facing = 0; facing < FACINGS; facing++) {
        const [dx, dy] = BLOCKS_FACINGS[facing] ?? [0, 0];
        const along = axisSpeed(speedOf(kind), dx !== 0 && dy !== 0);
        const velocity = Math.round((along * BLOCKS_VELOCITY_PARTS) / tickRate);
        const at = indexOf(kind, facing);
        this.#vx[at + GAIT.walks] = this.#vx[at + GAIT.slidesX] = dx * velocity;
        this.#vy[at + GAIT.walks] = this.#vy[at + GAIT.slidesY] = dy * velocity;
      }
    }
  }

  vx(kind: number, { facing, gait }: { facing: number; gait: number }): number {
    return kind < KINDS ? (this.#vx[indexOf(kind, facing) + gait] ?? 0) : 0;
  }

  vy(kind: number, { facing, gait }: { facing: number; gait: number }): number {
    return kind < KINDS ? (this.#vy[indexOf(kind, facing) + gait] ?? 0) : 0;
  }

  /**
   * The gait in which one goes on that went so many whole hundredths in the last tick. Where that
   * was less than its step on an axis, something is in its way there.
   */
  gaitOf(kind: number, facing: number, moved: { dx: number; dy: number }): number {
    if (moved.dx === 0 && moved.dy === 0) return GAIT.stands;
    if (kind >= KINDS || speedOf(kind) === 0) return NO_GAIT;
    const walking = indexOf(kind, facing) + GAIT.walks;
    const isFreeX = isStepOf(moved.dx, this.#vx[walking] ?? 0);
    const isFreeY = isStepOf(moved.dy, this.#vy[walking] ?? 0);
    if (isFreeX && isFreeY) return GAIT.walks;
    if (isFreeX && this.#vx[walking] !== 0) return GAIT.slidesX;
    return isFreeY && this.#vy[walking] !== 0 ? GAIT.slidesY : GAIT.stands;
  }
}

function indexOf(kind: number, facing: number): number {
  return (kind * FACINGS + facing) * GAITS;
}

/** Ways are whole: a velocity between two numbers is now the one and now the other. */
function isStepOf(moved: number, velocity: number): boolean {
  if (velocity === 0) return moved === 0;
  return Math.abs(moved * BLOCKS_VELOCITY_PARTS - velocity) <= BLOCKS_VELOCITY_PARTS;
}
