// Who is hurt, by whom, and what comes of it.

import { BLOCKS_UNIT } from "../constants.ts";
import { othersNear } from "../creatures/find.ts";
import { Mood, setMood, ticksOf } from "../creatures/mood.ts";
import { traitsOf } from "../creatures/traits.ts";
import type { BlocksWorld } from "../world.ts";
import { despawnEntity } from "./entities.ts";
import { BlocksKind, isCreature } from "./kinds.ts";
import { forgetNearby } from "./nearby.ts";
import { spill } from "./spill.ts";

/** Takes health from a living body. A player at 0 lies dead, a creature is gone. */
export function hurt(
  world: BlocksWorld,
  { attackerRow, row }: { readonly attackerRow: number; readonly row: number },
  strength: number,
): void {
  const { ids, columns } = world.entities;
  const health = columns.health[row] ?? 0;
  const damage = Math.min(health, strength);
  columns.health[row] = health - damage;
  const attacker = ids[attackerRow] ?? 0;
  const place = { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0 };
  world.effects.hits.push({ attacker, target: ids[row] ?? 0, damage, ...place });
  if (damage === health) die(world, row, attacker);
  else if (isCreature(columns.kind[row] ?? 0)) react(world, row, attacker);
}

/** Puts a player on its feet at a place, unhurt. */
export function revive(
  world: BlocksWorld,
  row: number,
  place: { readonly x: number; readonly y: number; readonly health: number },
): void {
  const { columns } = world.entities;
  columns.x[row] = place.x;
  columns.y[row] = place.y;
  columns.health[row] = place.health;
  forgetNearby(world);
}

function die(world: BlocksWorld, row: number, killer: number): void {
  const { ids, columns } = world.entities;
  const place = { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0 };
  world.effects.deaths.push({ entity: ids[row] ?? 0, killer, ...place });
  const kind = columns.kind[row] ?? 0;
  if (kind === BlocksKind.Player) {
    world.effects.lasting.add(ids[row] ?? 0);
    return;
  }
  const block = { x: Math.floor(place.x / BLOCKS_UNIT), y: Math.floor(place.y / BLOCKS_UNIT) };
  despawnEntity(world, row);
  for (const stack of traitsOf(kind).drops) spill(world, block, stack);
}

function react(world: BlocksWorld, row: number, attacker: number): void {
  const { columns } = world.entities;
  const kind = columns.kind[row] ?? 0;
  const { hurt: reaction, hurtMs, herd } = traitsOf(kind);
  const mood = reaction === "flee" ? Mood.Flee : Mood.Fight;
  const others = herd === 0 ? [] : othersNear(world, row, { kind, reach: herd * BLOCKS_UNIT });
  for (const each of [row, ...others]) {
    columns.target[each] = attacker;
    setMood(world, each, mood, ticksOf(world, hurtMs));
  }
}
