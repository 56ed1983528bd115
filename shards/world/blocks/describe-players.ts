import { BLOCKS_UNIT, type BlocksWorld, rowOf } from "#shared/sim/index.ts";

/** What people want to know of each player, for a table. */
export function describeBlocksPlayers(
  world: BlocksWorld,
): Readonly<Record<string, string | number>>[] {
  const { columns } = world.entities;
  return [...world.bagByPlayer].map(([playerId, bag]) => {
    const { owner, name, sequence } = world.bags.columns;
    const entity = owner[bag] ?? 0;
    const row = rowOf(world.entities, entity);
    return {
      entity,
      playerId,
      name: name[bag] ?? "",
      x: (columns.x[row] ?? 0) / BLOCKS_UNIT,
      y: (columns.y[row] ?? 0) / BLOCKS_UNIT,
      health: columns.health[row] ?? 0,
      sequence: sequence[bag] ?? 0,
    };
  });
}
