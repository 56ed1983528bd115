/** What an entity is; `creatures/traits.ts` says how each creature behaves. */
export const BlocksKind = {
  Player: 1,
  Villager: 2,
  Trader: 3,
  Guard: 4,
  Monster: 5,
  Item: 6,
  /** Reserved: nothing makes one yet. */
  Projectile: 7,
  Cow: 8,
  Sheep: 9,
  Chicken: 10,
  Pig: 11,
  Horse: 12,
  /** Reserved: nothing makes one yet. */
  Vehicle: 13,
} as const;

/** Whether an entity has a body that can be hurt and that is in the way of blocks. */
export function isBody(kind: number): boolean {
  return kind === BlocksKind.Player || isCreature(kind);
}

/** Whether an entity lives by itself. */
export function isCreature(kind: number): boolean {
  return (kind >= BlocksKind.Villager && kind <= BlocksKind.Monster) || isAnimal(kind);
}

/** Whether one can talk to it. */
export function isPerson(kind: number): boolean {
  return kind >= BlocksKind.Villager && kind <= BlocksKind.Guard;
}

/** Whether it grazes. */
export function isAnimal(kind: number): boolean {
  return kind >= BlocksKind.Cow && kind <= BlocksKind.Horse;
}
