import { type ArenaParameters, advanceArena, arenaTravel } from "#shared/sim/index.ts";

/** Something that goes on in its direction until told otherwise. */
export interface Moving {
  readonly tick: number;
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** The world's closed form of movement, at moments between ticks too; in tenths of a unit. */
export interface Motion {
  /** Where `from` is at `tick`. */
  advance(from: Moving, tick: number, into: { x: number; y: number }): void;
  /** Furthest way along an axis between two ticks. */
  reach(fromTick: number, toTick: number): number;
}

/** The movement of an arena with these parameters. */
export function createArenaMotion(parameters: ArenaParameters): Motion {
  const { tickRate } = parameters;
  const xMax = parameters.width * 10;
  const yMax = parameters.height * 10;
  return {
    advance(from, tick, into) {
      const whole = Math.floor(tick);
      const travel = arenaTravel(from.tick, whole, tickRate);
      const step = arenaTravel(whole, whole + 1, tickRate) * (tick - whole);
      into.x = advanceArena(from.x, from.dx * (travel + step), xMax);
      into.y = advanceArena(from.y, from.dy * (travel + step), yMax);
    },
    reach: (fromTick, toTick) => arenaTravel(Math.floor(fromTick), Math.ceil(toTick), tickRate),
  };
}
