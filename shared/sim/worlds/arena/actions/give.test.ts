import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import type { ArenaPlayer } from "../messages.ts";
import { stepArena } from "../step.ts";
import { attackInput, createArenaWith, giveInput, leaveInput } from "../testing/inputs.ts";
import type { ArenaWorld } from "../world.ts";
import { give } from "./give.ts";

const DONE = RejectionReason.UNSPECIFIED;

function creditsOf(world: ArenaWorld): number[] {
  const { columns, rowCount } = world.players;
  return [...columns.credits.subarray(0, rowCount)];
}

test("a credit goes from one player to another, however far away", () => {
  const { world, entities } = createArenaWith([{ x: 0 }, { x: 20_000 }]);
  const [from = 0, to = 0] = entities;
  stepArena(world, [giveInput(from, 4, to)]);
  expect(creditsOf(world)).toEqual([2, 4]);
  expect(world.effects.outcomes).toEqual([{ entity: from, sequence: 4, reason: DONE }]);
  expect([...world.effects.lasting].sort()).toEqual([from, to]);
});

test("the dead give and are given to", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }]);
  const [killer = 0, dead = 0] = entities;
  stepArena(world, [attackInput(killer, 1)]);
  expect(creditsOf(world)).toEqual([4, 3]);
  stepArena(world, [giveInput(killer, 2, dead), giveInput(dead, 1, killer)]);
  expect(world.effects.outcomes.map(({ reason }) => reason)).toEqual([DONE, DONE]);
  expect(creditsOf(world)).toEqual([4, 3]);
});

const REFUSED: readonly [string, Partial<ArenaPlayer>[], number, RejectionReason][] = [
  ["to oneself", [{}, {}], 0, RejectionReason.INVALID],
  ["to oneself with nothing to give", [{ credits: 0 }, {}], 0, RejectionReason.INVALID],
  ["of what one has not", [{ credits: 0 }, {}], 1, RejectionReason.UNAFFORDABLE],
  ["to one who can take no more", [{}, { credits: 99 }], 1, RejectionReason.UNAVAILABLE],
  ["to nobody", [{}, {}], 3, RejectionReason.UNAVAILABLE],
];
test.each(REFUSED)("a gift %s is refused", (_, players, toRow, reason) => {
  const { world, entities } = createArenaWith(players);
  const from = entities[0] ?? 0;
  const before = creditsOf(world);
  stepArena(world, [giveInput(from, 1, entities[toRow] ?? 12_345_678)]);
  expect(world.effects.outcomes).toEqual([{ entity: from, sequence: 1, reason }]);
  expect(world.effects.rejections).toEqual([]);
  expect(world.effects.lasting.size).toBe(0);
  expect(creditsOf(world)).toEqual(before);
});

test("a gift to one who left in the same tick is refused", () => {
  const { world, entities } = createArenaWith([{}, {}]);
  const [from = 0, to = 0] = entities;
  stepArena(world, [leaveInput(to), giveInput(from, 1, to)]);
  const reason = RejectionReason.UNAVAILABLE;
  expect(world.effects.outcomes).toEqual([{ entity: from, sequence: 1, reason }]);
});

test("a gift to one who leaves then goes with it", () => {
  const { world, entities } = createArenaWith([{}, {}]);
  const [from = 0, to = 0] = entities;
  stepArena(world, [giveInput(from, 1, to), leaveInput(to)]);
  expect(world.effects.departed[0]?.player.credits).toBe(4);
  expect(creditsOf(world)).toEqual([2, 0]);
});

test("of several gifts in one tick as many are done as there are credits", () => {
  const { world, entities } = createArenaWith([{ credits: 2 }, { credits: 98 }, {}]);
  const [from = 0, nearlyFull = 0, other = 0] = entities;
  stepArena(world, [
    giveInput(from, 1, nearlyFull),
    giveInput(from, 2, nearlyFull),
    giveInput(from, 3, other),
    giveInput(from, 4, other),
  ]);
  const { UNAVAILABLE, UNAFFORDABLE } = RejectionReason;
  const reasons = world.effects.outcomes.map(({ reason }) => reason);
  expect(reasons).toEqual([DONE, UNAVAILABLE, DONE, UNAFFORDABLE]);
  expect(creditsOf(world)).toEqual([0, 99, 4]);
});

test("a check changes nothing", () => {
  const { world, entities } = createArenaWith([{}, {}]);
  expect(give.check(world, 0, { entity: entities[1] ?? 0 })).toBeNull();
  expect(creditsOf(world)).toEqual([3, 3]);
});
