import type { Cell, Tick } from "#proto/frame_pb.ts";
import {
  type ArenaParameters,
  advanceArena,
  arenaTravel,
  unpackArenaPose,
} from "#shared/sim/index.ts";

/** What a client may know of a player. */
export interface SeenPlayer {
  name: string;
  /** Tenths of a unit. */
  x: number;
  y: number;
  pose: number;
  wounds: number;
  score: number;
}

interface KnownPlayer extends SeenPlayer {
  cell: number;
  /** All values are as of the end of this tick. */
  tick: number;
}

/**
 * A client that knows docs/PROTOCOL.md and nothing else: what it has learned from tick frames. A
 * frame that makes no sense to it throws.
 */
export class ArenaWatcher {
  /** Who is known, by entity. */
  readonly players = new Map<number, KnownPlayer>();
  /** Cells that are watched. */
  readonly cells = new Set<number>();

  apply(tick: Tick): void {
    if (tick.reset) {
      this.players.clear();
      this.cells.clear();
    }
    for (const cell of tick.cells) this.#learn(cell, tick.tick);
    for (const { cell, gone } of tick.cells) {
      for (const id of gone) if (this.players.get(id)?.cell === cell) this.players.delete(id);
    }
    for (const cell of tick.goneCells) {
      this.cells.delete(cell);
      this.#forget(cell);
    }
  }

  /** A line for everyone it knows of, moved on to the end of `tick` by the closed form. */
  view(tick: number, parameters: ArenaParameters): string[] {
    const { width, height, tickRate } = parameters;
    const lines: string[] = [];
    for (const [id, player] of this.players) {
      const { dx, dy } = unpackArenaPose(player.pose);
      const travel = arenaTravel(player.tick, tick, tickRate);
      const x = advanceArena(player.x, dx * travel, width * 10);
      const y = advanceArena(player.y, dy * travel, height * 10);
      lines.push(describeSeen(id, { ...player, x, y }));
    }
    return lines.sort();
  }

  #learn({ cell, keyframe, arenaEntities }: Cell, tick: number): void {
    if (keyframe) {
      this.#forget(cell);
      this.cells.add(cell);
    } else if (!this.cells.has(cell)) {
      throw new Error(`cannot apply frame: cell ${cell} changes but is not watched`);
    }
    for (const { id, x, y, pose, wounds, score, name: news } of arenaEntities) {
      const name = news === "" ? this.players.get(id)?.name : news;
      if (name === undefined) throw new Error(`cannot apply frame: entity ${id} has no name`);
      this.players.set(id, { cell, x, y, pose, wounds, score, name, tick });
    }
  }

  #forget(cell: number): void {
    for (const [id, player] of this.players) if (player.cell === cell) this.players.delete(id);
  }
}

/** A player in one line, to compare what is known with what is true. */
export function describeSeen(id: number, { name, x, y, pose, wounds, score }: SeenPlayer): string {
  return `${id} ${name} at ${x},${y} pose ${pose} wounds ${wounds} score ${score}`;
}
