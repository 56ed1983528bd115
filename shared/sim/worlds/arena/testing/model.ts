// The arena's rules once more, written as plainly as possible: objects, searches through everybody,
// exact fractions. Slow, and different enough from the real thing to disagree with its mistakes.

import { RejectionReason } from "#proto/frame_pb.ts";
import type { Outcome } from "../../../kernel/world.ts";
import type { ArenaCommand, ArenaInput, ArenaJoin } from "../messages.ts";
import { spawnPlace } from "../spawn.ts";
import type { ArenaDeath, ArenaHit, ArenaWorld } from "../world.ts";

export interface ModelPlayer {
  id: number;
  playerId: string;
  name: string;
  x: number;
  y: number;
  dx: number;
  dy: number;
  right: boolean;
  health: number;
  attackedTick: number;
  diedTick: number;
  /** Of the last return from death, which ends what went on before. */
  returnedTick: number;
  kills: number;
  deaths: number;
  score: number;
  credits: number;
  sequence: number;
}

/** All there is to know: one place per row, and how often each row was given out. */
export interface Model {
  readonly world: ArenaWorld;
  tick: number;
  readonly rows: (ModelPlayer | undefined)[];
  readonly generations: number[];
  rejections: Outcome[];
  outcomes: Outcome[];
  hits: ArenaHit[];
  deaths: ArenaDeath[];
  refused: number;
}

/** A model of a world at tick 0; of the world itself only parameters and capacity are used. */
export function createModel(world: ArenaWorld): Model {
  const { capacity } = world.players;
  return {
    world,
    tick: 0,
    rows: new Array<ModelPlayer | undefined>(capacity).fill(undefined),
    generations: new Array<number>(capacity).fill(0),
    rejections: [],
    outcomes: [],
    hits: [],
    deaths: [],
    refused: 0,
  };
}

/** One tick. */
export function stepModel(model: Model, inputs: readonly ArenaInput[]): void {
  model.tick += 1;
  Object.assign(model, { rejections: [], outcomes: [], hits: [], deaths: [], refused: 0 });
  for (const player of playersOf(model)) {
    if (player.diedTick === 0 || player.diedTick + ticks(model, 3) > model.tick) continue;
    Object.assign(player, spawnPlace(model.world, player.id, model.tick));
    player.health = 100;
    player.diedTick = 0;
    player.returnedTick = model.tick;
  }
  for (const { input } of inputs) {
    if (input.case === "join") join(model, input.value);
    else if (input.case === "command") command(model, input.value);
    else if (input.case === "leave") leave(model, input.value.entity);
    else if (input.case === "halt") halt(model, input.value.entity);
    else if (input.case === "restart") restart(model);
  }
  for (const player of playersOf(model)) move(model, player);
  // All strikes are decided before the first takes effect.
  const living = playersOf(model).filter(isAlive);
  const strikers = living.filter((player) => player.attackedTick === model.tick);
  const strikes = strikers.flatMap((attacker) =>
    living.filter((target) => isHit(attacker, target)).map((target) => ({ attacker, target })),
  );
  for (const { attacker, target } of strikes) strike(model, attacker, target);
}

/** Is the player's attack still going on in this tick? */
export function isAttacking(model: Model, player: ModelPlayer): boolean {
  const { attackedTick, returnedTick } = player;
  if (!isAlive(player) || attackedTick === 0 || attackedTick < returnedTick) return false;
  return model.tick < attackedTick + ticks(model, 1);
}

/** All stand still; each row that was used, and the first one anyhow, skips 256 generations. */
function restart(model: Model): void {
  for (const player of playersOf(model)) Object.assign(player, { dx: 0, dy: 0 });
  const { generations } = model;
  for (const [row, last] of generations.entries()) {
    if (last > 0 || row === 0) generations[row] = ((last + 255) % 4095) + 1;
  }
}

function playersOf(model: Model): ModelPlayer[] {
  return model.rows.filter((player) => player !== undefined);
}

function ticks(model: Model, seconds: number): number {
  return seconds * model.world.parameters.tickRate;
}

function isAlive(player: ModelPlayer): boolean {
  return player.diedTick === 0;
}

function join(model: Model, { playerId, name, restored }: ArenaJoin): void {
  const known = playersOf(model).find((player) => player.playerId === playerId);
  if (known !== undefined) {
    Object.assign(known, { name, dx: 0, dy: 0, sequence: 0 });
    return;
  }
  const row = model.rows.indexOf(undefined);
  if (row === -1) {
    model.refused += 1;
    return;
  }
  const last = model.generations[row] ?? 0;
  const first = Math.max(1, model.generations[0] ?? 0);
  const generation = last === 0 && row > 0 ? first : (last % 4095) + 1;
  model.generations[row] = generation;
  const id = generation * 2 ** 20 + row;
  const { x, y, facingRight, health, kills, deaths, score, credits } = restored ?? {
    ...spawnPlace(model.world, id, model.tick),
    ...{ facingRight: true, health: 100, kills: 0, deaths: 0, score: 0, credits: 3 },
  };
  const { width, height } = model.world.parameters;
  const place = { x: Math.min(x, width * 10), y: Math.min(y, height * 10), right: facingRight };
  const timers = { attackedTick: 0, diedTick: 0, returnedTick: 0 };
  const controls = { sequence: 0, dx: 0, dy: 0 };
  const fit = Math.max(1, Math.min(health, 100));
  const lasting = { kills, deaths, score, credits: Math.min(credits ?? 3, 99) };
  const body = { ...place, ...timers, ...controls, health: fit };
  model.rows[row] = { id, playerId, name, ...body, ...lasting };
}

function leave(model: Model, entity: number): void {
  const row = model.rows.findIndex((player) => player?.id === entity);
  if (row !== -1) model.rows[row] = undefined;
}

function halt(model: Model, entity: number): void {
  const player = playersOf(model).find(({ id }) => id === entity);
  if (player !== undefined) Object.assign(player, { dx: 0, dy: 0 });
}

function command(model: Model, { entity, sequence, command }: ArenaCommand): void {
  const player = playersOf(model).find(({ id }) => id === entity);
  if (player === undefined || sequence <= player.sequence) return;
  player.sequence = sequence;
  const reason = obey(model, player, command);
  const action = command.case === "action" ? command.value.action.case : undefined;
  if (action === "respawn" || action === "give") {
    model.outcomes.push({ entity, sequence, reason: reason ?? RejectionReason.UNSPECIFIED });
  } else if (reason !== undefined) model.rejections.push({ entity, sequence, reason });
}

function obey(
  model: Model,
  player: ModelPlayer,
  command: ArenaCommand["command"],
): RejectionReason | undefined {
  if (command.case === "controls") {
    const { dx, dy } = command.value;
    if (![-1, 0, 1].includes(dx) || ![-1, 0, 1].includes(dy)) return RejectionReason.INVALID;
    Object.assign(player, { dx, dy });
    if (isAlive(player) && !isAttacking(model, player) && dx !== 0) player.right = dx === 1;
    return undefined;
  }
  const action = command.case === "action" ? command.value.action : undefined;
  if (action?.case === undefined) return RejectionReason.INVALID;
  if (action.case === "respawn") return respawn(model, player);
  if (action.case === "give") return give(model, player, action.value.entity);
  if (!isAlive(player)) return RejectionReason.DEAD;
  const ready = player.attackedTick === 0 || player.attackedTick + ticks(model, 1) <= model.tick;
  switch (action.case) {
    case "attack":
      if (!ready) return RejectionReason.COOLDOWN;
      player.attackedTick = model.tick;
      return undefined;
    case "face":
      if (isAttacking(model, player)) return RejectionReason.BUSY;
      player.right = action.value.right;
      return undefined;
    default:
      // Does not compile once there is an action that this model does not know.
      return action satisfies never;
  }
}

function respawn(model: Model, player: ModelPlayer): RejectionReason | undefined {
  if (isAlive(player)) return RejectionReason.ALIVE;
  if (player.credits < 1) return RejectionReason.UNAFFORDABLE;
  const { x, y } = spawnPlace(model.world, player.id, model.tick);
  const credits = player.credits - 1;
  Object.assign(player, { x, y, health: 100, diedTick: 0, returnedTick: model.tick, credits });
  return undefined;
}

function give(model: Model, from: ModelPlayer, entity: number): RejectionReason | undefined {
  if (from.id === entity) return RejectionReason.INVALID;
  if (from.credits < 1) return RejectionReason.UNAFFORDABLE;
  const to = playersOf(model).find(({ id }) => id === entity);
  if (to === undefined || to.credits >= 99) return RejectionReason.UNAVAILABLE;
  from.credits -= 1;
  to.credits += 1;
  return undefined;
}

function move(model: Model, player: ModelPlayer): void {
  if (!isAlive(player) || isAttacking(model, player)) return;
  const { width, height, tickRate } = model.world.parameters;
  const covered = (tick: number) => Number((960n * BigInt(tick)) / BigInt(tickRate));
  const step = covered(model.tick) - covered(model.tick - 1);
  player.x = Math.max(0, Math.min(width * 10, player.x + player.dx * step));
  player.y = Math.max(0, Math.min(height * 10, player.y + player.dy * step));
  if (player.dx !== 0) player.right = player.dx === 1;
}

function isHit(attacker: ModelPlayer, target: ModelPlayer): boolean {
  const ahead = (target.x - attacker.x) * (attacker.right ? 1 : -1);
  const distance = Math.sqrt((target.x - attacker.x) ** 2 + (target.y - attacker.y) ** 2);
  return target !== attacker && ahead >= -80 && distance <= 480;
}

function strike(model: Model, attacker: ModelPlayer, target: ModelPlayer): void {
  if (!isAlive(target)) return;
  const damage = Math.min(20, target.health);
  target.health -= damage;
  model.hits.push({ attacker: attacker.id, target: target.id, damage });
  attacker.score += 1;
  if (target.health > 0) return;
  target.diedTick = model.tick;
  target.deaths += 1;
  model.deaths.push({ entity: target.id, killer: attacker.id });
  attacker.kills += 1;
  attacker.score += 10;
  attacker.credits = Math.min(99, attacker.credits + 1);
}
