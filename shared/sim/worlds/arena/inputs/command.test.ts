import { describe, expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { hashArena } from "../hash.ts";
import type { ArenaCommand, ArenaInput } from "../messages.ts";
import { readArenaSelf } from "../self.ts";
import { stepArena } from "../step.ts";
import {
  attackInput,
  controlsInput,
  createArenaWith,
  faceInput,
  leaveInput,
  stepUntil,
} from "../testing/inputs.ts";

function commandInput(
  entity: number,
  sequence: number,
  command: ArenaCommand["command"],
): ArenaInput {
  return { input: { case: "command", value: { entity, sequence, command } } };
}

describe("an invalid command is rejected and changes nothing but the sequence", () => {
  const commands: readonly ArenaCommand["command"][] = [
    { case: "controls", value: { dx: 2, dy: 0 } },
    { case: "controls", value: { dx: 0, dy: -2 } },
    { case: "controls", value: { dx: 0.5, dy: 0 } },
    { case: "controls", value: { dx: 0, dy: Number.NaN } },
    { case: "controls", value: { dx: 2147483647, dy: -2147483648 } },
    { case: "action", value: { action: { case: undefined } } },
    { case: undefined },
  ];
  test.each(commands)("%j", (command) => {
    const { world, entities } = createArenaWith([{}]);
    const entity = entities[0] ?? 0;
    const before = readArenaSelf(world, 0);
    stepArena(world, [commandInput(entity, 9, command)]);
    const rejection = { entity, sequence: 9, reason: RejectionReason.INVALID };
    expect(world.effects.rejections).toEqual([rejection]);
    expect(readArenaSelf(world, 0)).toEqual(before);
    expect(world.players.columns.sequence[0]).toBe(9);
  });
});

describe("sequences", () => {
  test.each([
    ["a repetition", 5],
    ["an older one", 4],
    ["zero", 0],
  ])("%s is ignored in silence", (_, sequence) => {
    const { world, entities } = createArenaWith([{}]);
    const entity = entities[0] ?? 0;
    stepArena(world, [controlsInput(entity, 5, { dx: 0, dy: 0 })]);
    stepArena(world, [controlsInput(entity, sequence, { dx: 7, dy: 1 })]);
    expect(world.effects.rejections).toEqual([]);
    expect(readArenaSelf(world, 0)).toMatchObject({ y: 10_000, controls: { dx: 0, dy: 0 } });
    expect(world.players.columns.sequence[0]).toBe(5);
  });

  test("a gap is fine, up to the last number", () => {
    const { world, entities } = createArenaWith([{}]);
    stepArena(world, [controlsInput(entities[0] ?? 0, 0xffff_ffff, { dx: 0, dy: 1 })]);
    expect(readArenaSelf(world, 0).controls).toEqual({ dx: 0, dy: 1 });
    expect(world.players.columns.sequence[0]).toBe(0xffff_ffff);
  });

  test("of several controls in one tick the last counts", () => {
    const { world, entities } = createArenaWith([{}]);
    const entity = entities[0] ?? 0;
    stepArena(world, [
      controlsInput(entity, 1, { dx: 1, dy: 0 }),
      controlsInput(entity, 2, { dx: 0, dy: -1 }),
    ]);
    expect(readArenaSelf(world, 0)).toMatchObject({ x: 10_000, y: 9_968, facingRight: true });
  });
});

test("a command of someone who is gone, or was never there, is ignored", () => {
  const { world, entities } = createArenaWith([{}, {}]);
  const entity = entities[0] ?? 0;
  stepArena(world, [leaveInput(entity)]);
  const twin = createArenaWith([{}, {}]);
  stepArena(twin.world, [leaveInput(entity)]);
  stepArena(world, [attackInput(entity, 1), attackInput(12_345_678, 1), attackInput(0, 1)]);
  stepArena(twin.world, []);
  expect(hashArena(world)).toBe(hashArena(twin.world));
  expect(world.effects.rejections).toEqual([]);
});

describe("controls of who cannot move", () => {
  test("are held by an attacker and followed afterwards", () => {
    const { world, entities } = createArenaWith([{}]);
    const entity = entities[0] ?? 0;
    stepArena(world, [attackInput(entity, 1)]);
    stepArena(world, [controlsInput(entity, 2, { dx: -1, dy: 0 })]);
    expect(readArenaSelf(world, 0)).toMatchObject({ x: 10_000, facingRight: true });
    stepUntil(world, 31);
    expect(readArenaSelf(world, 0)).toMatchObject({ x: 10_000, facingRight: true, state: 3 });
    stepUntil(world, 32);
    expect(readArenaSelf(world, 0)).toMatchObject({ x: 9_968, facingRight: false, state: 2 });
  });

  test("are held by the dead and followed after the return", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }]);
    const [attacker = 0, target = 0] = entities;
    stepArena(world, [attackInput(attacker, 1)]);
    stepArena(world, [controlsInput(target, 1, { dx: -1, dy: 0 })]);
    expect(world.effects.rejections).toEqual([]);
    stepUntil(world, 91);
    expect(readArenaSelf(world, 1)).toMatchObject({ x: 10_100, facingRight: true, state: 4 });
    stepUntil(world, 92);
    expect(readArenaSelf(world, 1)).toMatchObject({ facingRight: false, state: 2, health: 100 });
  });
});

test("a turn and an attack in the same tick strike to the new side", () => {
  for (const turn of [controlsInput, faceInput] as const) {
    const { world, entities } = createArenaWith([{}, { x: 9_800 }]);
    const [attacker = 0, target = 0] = entities;
    const turned =
      turn === controlsInput
        ? controlsInput(attacker, 1, { dx: -1, dy: 0 })
        : faceInput(attacker, 1, false);
    stepArena(world, [turned, attackInput(attacker, 2)]);
    expect(world.effects.hits).toEqual([{ attacker, target, damage: 20 }]);
  }
});
