import { describe, expect, test } from "bun:test";
import { entityId } from "../../kernel/entity-table.ts";
import type { ArenaInput, ArenaSelf } from "./messages.ts";
import { ARENA_PARAMETERS } from "./parameters.ts";
import { readArenaSelf, restoreArenaSelf } from "./self.ts";
import { stepArena } from "./step.ts";
import {
  attackInput,
  controlsInput,
  createArenaWith,
  faceInput,
  stepUntil,
} from "./testing/inputs.ts";
import { createSeededArena, seededInputs } from "./testing/seeded-run.ts";
import { type ArenaWorld, createArena } from "./world.ts";

const SELF: ArenaSelf = {
  x: 1,
  y: 2,
  controls: { dx: 1, dy: -1 },
  facingRight: true,
  state: 3,
  health: 4,
  attackEndTick: 105,
  attackReadyTick: 106,
  respawnTick: 0,
  kills: 8,
  deaths: 9,
  score: 10,
  credits: 11,
};

describe("restoreArenaSelf", () => {
  test("gives back exactly what it was given, in a world of one", () => {
    const world = createArena(ARENA_PARAMETERS, { capacity: 1 });
    const entity = entityId(77, 3);
    expect(restoreArenaSelf(world, entity, SELF)).toBe(0);
    expect(world.players.ids[0]).toBe(entity);
    expect(readArenaSelf(world, 0)).toEqual(SELF);
  });

  test("again and again, also for another entity", () => {
    const world = createArena(ARENA_PARAMETERS, { capacity: 1 });
    restoreArenaSelf(world, entityId(77, 3), SELF);
    const dead = { ...SELF, state: 4, respawnTick: 120, attackEndTick: 0 };
    restoreArenaSelf(world, entityId(77, 3), dead);
    expect(readArenaSelf(world, 0)).toEqual(dead);
    restoreArenaSelf(world, entityId(5, 1), SELF);
    expect(readArenaSelf(world, 0)).toEqual(SELF);
    expect(world.players.population).toBe(1);
  });

  test("takes commands from the first sequence on again", () => {
    const world = createArena(ARENA_PARAMETERS, { capacity: 1 });
    const entity = entityId(77, 3);
    restoreArenaSelf(world, entity, { ...SELF, attackEndTick: 0 });
    stepArena(world, [controlsInput(entity, 9, { dx: 0, dy: 0 })]);
    restoreArenaSelf(world, entity, { ...SELF, attackEndTick: 0 });
    stepArena(world, [controlsInput(entity, 9, { dx: 0, dy: 0 })]);
    expect(readArenaSelf(world, 0).controls).toEqual({ dx: 0, dy: 0 });
  });
});

describe("a world of one, restored from a full one", () => {
  test("foresees its own return from death", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }]);
    const [attacker = 0, target = 0] = entities;
    stepArena(world, [attackInput(attacker, 1)]);
    const prediction = predict(world, target);
    stepUntil(world, 95);
    stepUntil(prediction, 95);
    expect(readArenaSelf(prediction, 0)).toEqual(readArenaSelf(world, 1));
    expect(readArenaSelf(prediction, 0).health).toBe(100);
  });

  test("equals it, command by command, through attacks and turns", () => {
    const { world, entities } = createArenaWith([{ x: 0 }, {}], 47);
    const entity = entities[1] ?? 0;
    const prediction = predict(world, entity);
    const commands = [
      controlsInput(entity, 1, { dx: 1, dy: 1 }),
      attackInput(entity, 2),
      faceInput(entity, 3, false),
      controlsInput(entity, 4, { dx: -1, dy: 0 }),
      attackInput(entity, 5),
    ];
    for (const command of commands) {
      for (let tick = 0; tick < 20; tick++) {
        const inputs = tick === 0 ? [command] : [];
        stepArena(world, inputs);
        stepArena(prediction, inputs);
        expect(readArenaSelf(prediction, 0)).toEqual(readArenaSelf(world, 1));
      }
    }
  });

  test.each([1, 2, 3, 4])("equals it in any crowd until somebody hits it (seed %d)", (seed) => {
    const compared = comparePredictions(seed, 1500);
    // Otherwise the test would say nothing.
    expect(compared.ticks).toBeGreaterThan(20_000);
    expect(compared.returns).toBeGreaterThan(50);
  });
});

/** A world of one that goes on from the entity's state. */
function predict(world: ArenaWorld, entity: number): ArenaWorld {
  const prediction = createArena(world.parameters, { capacity: 1 });
  restore(prediction, world, entity);
  return prediction;
}

function restore(prediction: ArenaWorld, world: ArenaWorld, entity: number): void {
  const row = world.players.ids.indexOf(entity);
  prediction.tick = world.tick;
  restoreArenaSelf(prediction, entity, readArenaSelf(world, row));
  // In practice the client only sends what is newer.
  prediction.players.columns.sequence[0] = world.players.columns.sequence[row] ?? 0;
}

/** Predicts everyone in a seeded run; an acknowledgement restores who was changed by others. */
function comparePredictions(seed: number, ticks: number): { ticks: number; returns: number } {
  const world = createSeededArena(seed);
  const predictions = new Map<number, ArenaWorld>();
  const compared = { ticks: 0, returns: 0 };
  for (let tick = 0; tick < ticks; tick++) {
    const inputs = seededInputs(seed, world);
    stepArena(world, inputs);
    const { effects } = world;
    for (const { entity } of effects.departed) predictions.delete(entity);
    const changed = new Set(effects.hits.map(({ target }) => target));
    for (const { entity } of effects.outcomes) changed.add(entity);
    for (const { entity, returning } of effects.joined) {
      if (returning) changed.add(entity);
      else predictions.set(entity, predict(world, entity));
    }
    for (const [entity, prediction] of predictions) {
      if (prediction.tick === world.tick) continue;
      const wasDead = prediction.players.columns.respawnTick[0] !== 0;
      stepArena(
        prediction,
        inputs.filter((input) => isInputFor(entity, input)),
      );
      if (changed.has(entity)) {
        restore(prediction, world, entity);
        continue;
      }
      const row = world.players.ids.indexOf(entity);
      const message = `seed ${seed}, tick ${world.tick}, row ${row}`;
      expect(ownPart(prediction, 0), message).toEqual(ownPart(world, row));
      compared.ticks += 1;
      if (wasDead && prediction.players.columns.respawnTick[0] === 0) compared.returns += 1;
    }
  }
  return compared;
}

function isInputFor(entity: number, { input }: ArenaInput): boolean {
  return (input.case === "command" || input.case === "halt") && input.value.entity === entity;
}

/** Without what hitting others earns, and what others give. */
function ownPart(world: ArenaWorld, row: number): ArenaSelf {
  return { ...readArenaSelf(world, row), kills: 0, score: 0, credits: 0 };
}
