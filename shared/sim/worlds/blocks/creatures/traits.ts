// The numbers of the kinds of creatures; what each does is in a file of its own.

import { PLAYER_HEALTH_MAX, PLAYER_SPEED } from "../constants.ts";
import type { Stack } from "../entities/bags.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { Item } from "../items/items.ts";

/** Numbers of one kind of creature; lengths in hundredths of a block. */
export interface CreatureTraits {
  readonly name: string;
  /** A second. */
  readonly speed: number;
  readonly health: number;
  /** How far it sees. */
  readonly detects: number;
  /** How far from home it wanders, in blocks. */
  readonly wanders: number;
  /** Shortest and longest rest and walk. */
  readonly idleMs: readonly [number, number];
  readonly walkMs: readonly [number, number];
  /** What it does when it is hurt. */
  readonly hurt: "flee" | "fight";
  /** For so long. */
  readonly hurtMs: number;
  /** So near, in blocks, others of its kind run with it; 0 for none. */
  readonly herd: number;
  /** What falls when it dies. */
  readonly drops: readonly Stack[];
}

const PERSON = {
  speed: 300,
  health: 50,
  detects: 800,
  wanders: 10,
  idleMs: [1000, 5000],
  walkMs: [1000, 3000],
  hurt: "flee",
  hurtMs: 5000,
  herd: 0,
  drops: [],
} as const;

const ANIMAL = { ...PERSON, wanders: 16 } as const;

/** By kind. */
export const CREATURES: ReadonlyMap<number, CreatureTraits> = new Map<number, CreatureTraits>([
  [BlocksKind.Villager, { ...PERSON, name: "villager", speed: 200 }],
  [BlocksKind.Trader, { ...PERSON, name: "trader", speed: 150 }],
  [
    BlocksKind.Guard,
    { ...PERSON, name: "guard", speed: 400, detects: 1200, hurt: "fight", hurtMs: 10_000 },
  ],
  [
    BlocksKind.Monster,
    {
      ...PERSON,
      name: "monster",
      hurt: "fight",
      hurtMs: 10_000,
      drops: [{ item: Item.Coin, count: 2 }],
    },
  ],
  [
    BlocksKind.Cow,
    {
      ...ANIMAL,
      name: "cow",
      speed: 150,
      health: 40,
      drops: [
        { item: Item.Meat, count: 3 },
        { item: Item.Leather, count: 1 },
      ],
    },
  ],
  [
    BlocksKind.Sheep,
    {
      ...ANIMAL,
      name: "sheep",
      speed: 180,
      health: 25,
      drops: [
        { item: Item.Meat, count: 1 },
        { item: Item.Wool, count: 2 },
      ],
    },
  ],
  [
    BlocksKind.Chicken,
    {
      ...ANIMAL,
      name: "chicken",
      speed: 220,
      health: 10,
      drops: [{ item: Item.Feather, count: 2 }],
    },
  ],
  [
    BlocksKind.Pig,
    { ...ANIMAL, name: "pig", speed: 170, health: 30, drops: [{ item: Item.Meat, count: 2 }] },
  ],
  [
    BlocksKind.Horse,
    {
      ...ANIMAL,
      name: "horse",
      speed: 400,
      health: 60,
      herd: 12,
      drops: [{ item: Item.Horsehair, count: 2 }],
    },
  ],
]);

/** Traits of a kind; throws for what is no creature. */
export function traitsOf(kind: number): CreatureTraits {
  const traits = CREATURES.get(kind);
  if (traits === undefined) throw new RangeError(`cannot give traits to kind ${kind}: no creature`);
  return traits;
}

/** Health of an unhurt entity of a kind; 0 for what has none. */
export function healthMaxOf(kind: number): number {
  if (kind === BlocksKind.Player) return PLAYER_HEALTH_MAX;
  return CREATURES.get(kind)?.health ?? 0;
}

/** At which an entity of a kind walks, in hundredths a second; 0 for what does not. */
export function speedOf(kind: number): number {
  if (kind === BlocksKind.Player) return PLAYER_SPEED;
  return CREATURES.get(kind)?.speed ?? 0;
}
