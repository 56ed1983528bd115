// Steps through a journal in a fraction of the time that the ticks took.
//
// In most of a tick's rows nothing happens but that they move on, and any number of ticks of
// unchanged motion is one subtraction (movement.ts). So a row is moved only when something is about
// to happen to it, when somebody strikes, and when the world is to be looked at. Up to where each
// row has been moved is noted; what decides on its motion is the same in all ticks from there on.

import { rowOf } from "../../kernel/entity-table.ts";
import type { ArenaInput } from "./messages.ts";
import { advanceArena, arenaTravel } from "./movement.ts";
import { applyArenaInput, beginArenaTick } from "./step.ts";
import { resolveStrikes } from "./systems/strike.ts";
import { endTimers } from "./systems/timers.ts";
import type { ArenaWorld } from "./world.ts";

/** Steps one world; nobody else does before `step` was told that no more follows. */
export class ArenaReplay {
  readonly #world: ArenaWorld;
  /** By row: the last tick whose movement it has made. */
  readonly #movedTicks: Uint32Array;
  /** First tick in which a timer may end. */
  #timersTick = 0;
  /** Rows lag behind. */
  #isBehind = false;

  constructor(world: ArenaWorld) {
    this.#world = world;
    this.#movedTicks = new Uint32Array(world.players.capacity);
  }

  /**
   * One tick, as `stepArena` makes it. While `isMoreToCome`, the world is not what it will be: only
   * a later step may look at it.
   */
  step(inputs: readonly ArenaInput[], isMoreToCome: boolean): void {
    const world = this.#world;
    if (!this.#isBehind) this.#movedTicks.fill(world.tick);
    beginArenaTick(world);
    const before = world.tick - 1;
    if (world.tick >= this.#timersTick) {
      this.#timersTick = endTimers(world, (row) => this.#move(row, before));
    }
    for (const input of inputs) this.#apply(input, before);
    this.#isBehind = isMoreToCome && world.scratch.strikers.length === 0;
    if (this.#isBehind) return;
    this.#moveAll(world.tick);
    resolveStrikes(world);
    // Who was killed comes back.
    this.#timersTick = 0;
  }

  #apply(input: ArenaInput, before: number): void {
    const world = this.#world;
    const { case: kind, value } = input.input;
    if (kind === "restart") this.#moveAll(before);
    else if (kind === "join") {
      const known = world.rowByPlayer.get(value.playerId);
      if (known !== undefined) this.#move(known, before);
    } else if (kind !== undefined) {
      const row = rowOf(world.players, value.entity);
      if (row !== -1) this.#move(row, before);
    }
    applyArenaInput(world, input);
    if (kind === "join") {
      const row = world.rowByPlayer.get(value.playerId);
      if (row !== undefined) this.#movedTicks[row] = before;
    } else if (kind === "command" && value.command.case === "action") this.#timersTick = 0;
  }

  #moveAll(toTick: number): void {
    const { rowCount } = this.#world.players;
    for (let row = 0; row < rowCount; row++) this.#move(row, toTick);
  }

  #move(row: number, toTick: number): void {
    const fromTick = this.#movedTicks[row] ?? 0;
    if (fromTick === toTick) return;
    this.#movedTicks[row] = toTick;
    const { measures, parameters, players } = this.#world;
    const { x, y, dx, dy, facingRight, attackEndTick, respawnTick } = players.columns;
    const directionX = dx[row] ?? 0;
    const directionY = dy[row] ?? 0;
    if (directionX === 0 && directionY === 0) return;
    if (attackEndTick[row] !== 0 || respawnTick[row] !== 0) return;
    const travel = arenaTravel(fromTick, toTick, parameters.tickRate);
    x[row] = advanceArena(x[row] ?? 0, directionX * travel, measures.xMax);
    y[row] = advanceArena(y[row] ?? 0, directionY * travel, measures.yMax);
    if (directionX !== 0) facingRight[row] = directionX > 0 ? 1 : 0;
  }
}
