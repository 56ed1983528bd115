// Attacks that started in this tick strike at its end, when everyone has moved. They are
// simultaneous: one who is killed in this tick still strikes, so no row has an advantage. Damage is
// dealt in the order of the attackers' rows, then of the targets'; the first to take the last
// health has the kill.

import { rowOf } from "../../../kernel/entity-table.ts";
import { cellAt, cellIndex, fillGrid } from "../../../kernel/grid.ts";
import {
  ARENA_ATTACK_BEHIND,
  ARENA_ATTACK_DAMAGE,
  ARENA_ATTACK_RANGE,
  ARENA_CREDITS_MAX,
  ARENA_CREDITS_PER_KILL,
  ARENA_SCORE_PER_HIT,
  ARENA_SCORE_PER_KILL,
} from "../constants.ts";
import { changeCredits, noteLasting } from "../lasting.ts";
import type { ArenaWorld } from "../world.ts";

/** Deals the damage of this tick's attacks. */
export function resolveStrikes(world: ArenaWorld): void {
  const { strikers } = world.scratch;
  if (strikers.length === 0) return;
  fillWithLiving(world);
  const rows = strikers.map((entity) => rowOf(world.players, entity)).filter((row) => row !== -1);
  rows.sort((left, right) => left - right);
  for (const row of rows) strike(world, row);
  strikers.length = 0;
}

function fillWithLiving(world: ArenaWorld): void {
  const { ids, rowCount, columns } = world.players;
  const { x, y, respawnTick } = columns;
  const { grid } = world.scratch;
  for (let row = 0; row < rowCount; row++) {
    const living = ids[row] !== 0 && respawnTick[row] === 0;
    grid.cells[row] = living ? cellAt(x[row] ?? 0, y[row] ?? 0, grid.shape) : -1;
  }
  fillGrid(grid, rowCount);
}

function strike(world: ArenaWorld, attackerRow: number): void {
  const count = findTargets(world, attackerRow);
  const targets = world.scratch.targets.subarray(0, count).sort();
  for (const targetRow of targets) hit(world, attackerRow, targetRow);
}

/** Writes the rows within reach to `scratch.targets`, cell by cell, and returns how many. */
function findTargets(world: ArenaWorld, attackerRow: number): number {
  const { x, y, facingRight } = world.players.columns;
  const { starts, members, shape } = world.scratch.grid;
  const { cellSize, columns, rows } = shape;
  const attackerX = x[attackerRow] ?? 0;
  const attackerY = y[attackerRow] ?? 0;
  const right = facingRight[attackerRow] === 1;
  const left = attackerX - (right ? ARENA_ATTACK_BEHIND : ARENA_ATTACK_RANGE);
  const columnFirst = cellIndex(Math.max(0, left), cellSize, columns);
  const end = attackerX + (right ? ARENA_ATTACK_RANGE : ARENA_ATTACK_BEHIND);
  const columnLast = cellIndex(end, cellSize, columns);
  const rowFirst = cellIndex(Math.max(0, attackerY - ARENA_ATTACK_RANGE), cellSize, rows);
  const rowLast = cellIndex(attackerY + ARENA_ATTACK_RANGE, cellSize, rows);
  let count = 0;
  for (let gridRow = rowFirst; gridRow <= rowLast; gridRow++) {
    const first = starts[gridRow * columns + columnFirst] ?? 0;
    const last = starts[gridRow * columns + columnLast + 1] ?? 0;
    for (let place = first; place < last; place++) {
      const row = members[place] ?? 0;
      if (row === attackerRow || !isInReach(world, attackerRow, row)) continue;
      world.scratch.targets[count++] = row;
    }
  }
  return count;
}

function isInReach(world: ArenaWorld, attackerRow: number, targetRow: number): boolean {
  const { x, y, facingRight } = world.players.columns;
  const right = (x[targetRow] ?? 0) - (x[attackerRow] ?? 0);
  const down = (y[targetRow] ?? 0) - (y[attackerRow] ?? 0);
  const ahead = facingRight[attackerRow] === 1 ? right : -right;
  if (ahead < -ARENA_ATTACK_BEHIND) return false;
  return right * right + down * down <= ARENA_ATTACK_RANGE * ARENA_ATTACK_RANGE;
}

function hit(world: ArenaWorld, attackerRow: number, targetRow: number): void {
  const { ids, columns } = world.players;
  // Killed earlier in this tick.
  if (columns.respawnTick[targetRow] !== 0) return;
  const health = columns.health[targetRow] ?? 0;
  const damage = Math.min(health, ARENA_ATTACK_DAMAGE);
  columns.health[targetRow] = health - damage;
  columns.score[attackerRow] = (columns.score[attackerRow] ?? 0) + ARENA_SCORE_PER_HIT;
  noteLasting(world, attackerRow);
  const attacker = ids[attackerRow] ?? 0;
  world.effects.hits.push({ attacker, target: ids[targetRow] ?? 0, damage });
  if (damage === health) kill(world, attackerRow, targetRow);
}

function kill(world: ArenaWorld, killerRow: number, targetRow: number): void {
  const { ids, columns } = world.players;
  columns.respawnTick[targetRow] = world.tick + world.measures.respawnTicks;
  columns.attackEndTick[targetRow] = 0;
  columns.deaths[targetRow] = (columns.deaths[targetRow] ?? 0) + 1;
  columns.kills[killerRow] = (columns.kills[killerRow] ?? 0) + 1;
  columns.score[killerRow] = (columns.score[killerRow] ?? 0) + ARENA_SCORE_PER_KILL;
  const room = ARENA_CREDITS_MAX - (columns.credits[killerRow] ?? 0);
  changeCredits(world, killerRow, Math.min(room, ARENA_CREDITS_PER_KILL));
  noteLasting(world, targetRow);
  world.effects.deaths.push({ entity: ids[targetRow] ?? 0, killer: ids[killerRow] ?? 0 });
}
