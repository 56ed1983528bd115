import { rowOf } from "../../../kernel/entity-table.ts";
import { ATTACK_COOLDOWN_MS, ATTACK_DAMAGE, ATTACK_REACH } from "../constants.ts";
import { hurt } from "../entities/damage.ts";
import { distanceSquared } from "../entities/nearby.ts";
import type { BlocksWorld } from "../world.ts";
import { placeOfRow } from "./find.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { face, stop, turnTo } from "./steer.ts";

/** How close it comes before it stands and strikes. */
const STRIKE_DISTANCE = 150;

/** Turns on somebody for a while. */
export function turnOn(
  world: BlocksWorld,
  row: number,
  { target, durationMs }: { readonly target: number; readonly durationMs: number },
): void {
  world.entities.columns.target[row] = world.entities.ids[target] ?? 0;
  setMood(world, row, Mood.Fight, ticksOf(world, durationMs));
}

/** Hunts its target and strikes it, while it is angry; false when it is not. */
export function fight(world: BlocksWorld, row: number): boolean {
  const { columns } = world.entities;
  if (columns.mood[row] !== Mood.Fight) return false;
  const target = rowOf(world.entities, columns.target[row] ?? 0);
  if (target === -1 || columns.health[target] === 0) {
    columns.moodEndTick[row] = world.tick;
    return true;
  }
  const place = placeOfRow(world, target);
  const distance = distanceSquared(world, row, place);
  if (distance > STRIKE_DISTANCE * STRIKE_DISTANCE) turnTo(world, row, place);
  else {
    stop(world, row);
    face(world, row, place);
  }
  const ready = world.tick >= (columns.attackReadyTick[row] ?? 0);
  if (distance > ATTACK_REACH * ATTACK_REACH || !ready) return true;
  columns.attackReadyTick[row] = world.tick + ticksOf(world, ATTACK_COOLDOWN_MS);
  hurt(world, { attackerRow: row, row: target }, ATTACK_DAMAGE);
  return true;
}
