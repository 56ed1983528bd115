// Any inputs, valid or not, against the plain model: both must be in the same state after each
// tick. Repeat one seed with: bun test shared/sim/worlds/arena/arena.fuzz.test.ts -t "seed 5$"

import { expect, test } from "bun:test";
import { createRandom, type Random } from "../../kernel/random.ts";
import { hashArena } from "./hash.ts";
import type { ArenaCommand, ArenaInput } from "./messages.ts";
import { readArenaState } from "./pose.ts";
import { ArenaReplay } from "./replay.ts";
import { stepArena } from "./step.ts";
import {
  createModel,
  isAttacking,
  type Model,
  type ModelPlayer,
  stepModel,
} from "./testing/model.ts";
import { type ArenaWorld, createArena } from "./world.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const TICKS = 600;

test.each(SEEDS)("world and model agree for seed %d", (seed) => {
  const random = createRandom(seed);
  const world = createAnyArena(random, seed);
  const model = createModel(world);
  for (let tick = 1; tick <= TICKS; tick++) {
    const inputs = anyInputs(random, world);
    const before = lastingValues(world);
    stepArena(world, inputs);
    stepModel(model, inputs);
    const repeat = `seed ${seed}, tick ${tick}`;
    expect(describeWorld(world), repeat).toEqual(describeModel(model));
    const { rejections, outcomes, hits, deaths, refused } = world.effects;
    const effects = { rejections, outcomes, hits, deaths, refused: refused.length };
    expect(model, repeat).toMatchObject(effects);
    for (const [entity, values] of lastingValues(world)) {
      const changed = values !== (before.get(entity) ?? values);
      if (changed) expect(world.effects.lasting, repeat).toContain(entity);
    }
  }
});

test.each(SEEDS)("a replay that looks now and then agrees for seed %d", (seed) => {
  const random = createRandom(1_000 + seed);
  const world = createAnyArena(random, seed);
  const again = createArena(world.parameters, { capacity: world.players.capacity });
  const replay = new ArenaReplay(again);
  const looks = 1 + random.below(30);
  for (let tick = 1; tick <= TICKS; tick++) {
    const inputs = random.below(3) === 0 ? anyInputs(random, world) : [];
    stepArena(world, inputs);
    const isMoreToCome = random.below(looks) !== 0;
    replay.step(inputs, isMoreToCome);
    const repeat = `seed ${seed}, tick ${tick}`;
    expect(again.effects.departed, repeat).toEqual(world.effects.departed);
    expect(again.effects.hits, repeat).toEqual(world.effects.hits);
    if (!isMoreToCome) expect(hashArena(again), repeat).toBe(hashArena(world));
  }
});

/** From one cell to many, at any tick rate, with more players than room. */
function createAnyArena(random: Random, seed: number): ArenaWorld {
  const parameters = {
    width: 48 + random.below(300),
    height: 48 + random.below(300),
    tickRate: 20 + random.below(41),
    cellSize: 48 + random.below(200),
    seed,
  };
  return createArena(parameters, { capacity: 1 + random.below(40) });
}

function anyInputs(random: Random, world: ArenaWorld): ArenaInput[] {
  return Array.from({ length: random.below(12) }, () => anyInput(random, world));
}

function anyInput(random: Random, world: ArenaWorld): ArenaInput {
  const choice = random.below(60);
  if (choice === 0) return { input: { case: undefined } };
  if (choice === 59 && random.below(10) === 0) return { input: { case: "restart", value: {} } };
  if (choice < 6) return anyJoin(random);
  const entity = anyEntity(random, world);
  if (choice === 6) return { input: { case: "leave", value: { entity } } };
  if (choice === 7) return { input: { case: "halt", value: { entity } } };
  const row = world.players.ids.indexOf(entity);
  const sequence = (world.players.columns.sequence[row] ?? 0) + random.below(3);
  const command = anyCommand(random, world);
  return { input: { case: "command", value: { entity, sequence, command } } };
}

function anyJoin(random: Random): ArenaInput {
  const newcomer = { playerId: `p${random.below(50)}`, name: `n${random.below(1000)}` };
  if (random.below(2) === 0) return { input: { case: "join", value: newcomer } };
  const restored = {
    x: random.below(5000),
    y: random.below(5000),
    facingRight: random.below(2) === 0,
    health: random.below(120),
    kills: random.below(9),
    deaths: random.below(9),
    score: random.below(9),
    ...(random.below(4) === 0 ? {} : { credits: random.below(120) }),
  };
  return { input: { case: "join", value: { ...newcomer, restored } } };
}

/** Mostly one that is there. */
function anyEntity(random: Random, world: ArenaWorld): number {
  const { ids, capacity } = world.players;
  return random.below(20) === 0 ? random.uint32() : (ids[random.below(capacity)] ?? 0);
}

function anyCommand(random: Random, world: ArenaWorld): ArenaCommand["command"] {
  const choice = random.below(20);
  if (choice === 0) return { case: undefined };
  if (choice === 1) return { case: "action", value: { action: { case: undefined } } };
  if (choice < 8) return { case: "action", value: { action: { case: "attack", value: {} } } };
  if (choice < 11) {
    const value = { right: random.below(2) === 0 };
    return { case: "action", value: { action: { case: "face", value } } };
  }
  if (choice === 11) {
    return { case: "action", value: { action: { case: "respawn", value: {} } } };
  }
  if (choice === 12) {
    const value = { entity: anyEntity(random, world) };
    return { case: "action", value: { action: { case: "give", value } } };
  }
  const reach = random.below(10) === 0 ? 5 : 3;
  return { case: "controls", value: { dx: random.below(reach) - 1, dy: random.below(reach) - 1 } };
}

/** What lasts of everyone, as a text. */
function lastingValues({ players }: ArenaWorld): Map<number, string> {
  const { score, kills, deaths, credits } = players.columns;
  const values = new Map<number, string>();
  for (const [row, id] of players.ids.entries()) {
    values.set(id, `${score[row]} ${kills[row]} ${deaths[row]} ${credits[row]}`);
  }
  return values;
}

function describeWorld(world: ArenaWorld): unknown[] {
  const { ids, capacity, columns } = world.players;
  return Array.from({ length: capacity }, (_, row) => {
    if (ids[row] === 0) return undefined;
    const values: Record<string, unknown> = { id: ids[row], state: readArenaState(world, row) };
    for (const [name, column] of Object.entries(columns)) values[name] = column[row];
    return values;
  });
}

function describeModel(model: Model): unknown[] {
  const { tickRate } = model.world.parameters;
  return model.rows.map((player) => {
    if (player === undefined) return undefined;
    const { right, attackedTick, diedTick, returnedTick, ...same } = player;
    return {
      ...same,
      state: stateOf(model, player),
      facingRight: right ? 1 : 0,
      attackEndTick: isAttacking(model, player) ? attackedTick + tickRate - 1 : 0,
      attackReadyTick: attackedTick === 0 ? 0 : attackedTick + tickRate,
      respawnTick: diedTick === 0 ? 0 : diedTick + 3 * tickRate,
    };
  });
}

function stateOf(model: Model, player: ModelPlayer): number {
  if (player.diedTick !== 0) return 4;
  if (isAttacking(model, player)) return 3;
  return player.dx !== 0 || player.dy !== 0 ? 2 : 1;
}
