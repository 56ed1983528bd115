// The behaviour of blocks once more, written as plainly as possible: every cell of the world is an
// object, and each tick begins with a list of those to update.

import { randomUint32, scaleRandom } from "../../../kernel/random.ts";
import { Block } from "../blocks/block-ids.ts";
import { cellAt, placeOf } from "../layout.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn, levelIn } from "../write-block.ts";

export interface BlockModel {
  readonly world: BlocksWorld;
  tick: number;
  readonly cells: Map<number, { id: number; level: number }>;
  due: number[];
}

/** A model of a world as it is; the world is only looked at for its seed and shape later on. */
export function createBlockModel(world: BlocksWorld): BlockModel {
  const cells = new Map<number, { id: number; level: number }>();
  const { columns, rows } = world.shape;
  for (let cell = 0; cell < columns * rows * 768; cell++) {
    cells.set(cell, { id: blockIn(world, cell), level: levelIn(world, cell) });
  }
  return { world, tick: world.tick, cells, due: [...world.awake] };
}

/** Puts a block somewhere from outside. */
export function putInModel(model: BlockModel, cell: number, id: number, level: number): void {
  model.cells.set(cell, { id, level: id === Block.Air ? 0 : level });
  later(model, cell);
  for (const neighbour of around(model, cell)) later(model, neighbour);
}

/** One tick. */
export function stepBlockModel(model: BlockModel): void {
  model.tick += 1;
  const due = model.due;
  model.due = [];
  for (const cell of due) {
    const { id } = block(model, cell);
    if (id === Block.Grass) updateGrass(model, cell);
    if (id === Block.Water) updateWater(model, cell);
    if (id === Block.DeepWater) {
      const dry = around(model, cell).some((one) => ![3, 6].includes(block(model, one).id));
      if (dry) putInModel(model, cell, Block.Water, 7);
    }
  }
}

function updateGrass(model: BlockModel, cell: number): void {
  const here = block(model, cell);
  const before = here.level;
  if (before < 5 && dice(model, cell, 1) < 10) here.level += 1;
  const moist = around(model, cell).filter((one) => {
    const there = block(model, one);
    return there.id === Block.Dirt && there.level >= 2;
  });
  if (before >= 3 && moist.length > 0 && dice(model, cell, 2) < 5) {
    const bits = randomUint32(model.world.parameters.seed, model.tick, cell, 3);
    putInModel(model, moist[scaleRandom(bits, moist.length)] ?? -1, Block.Grass, 0);
  }
  if (before < 5 || moist.length > 0) later(model, cell);
}

function updateWater(model: BlockModel, cell: number): void {
  for (const neighbour of around(model, cell)) {
    const here = block(model, cell);
    const there = block(model, neighbour);
    if (there.id === Block.Air && here.level >= 2) {
      putInModel(model, neighbour, Block.Water, here.level - 1);
    } else if (there.id === Block.Water && Math.abs(here.level - there.level) >= 2) {
      const sign = Math.sign(here.level - there.level);
      putInModel(model, cell, Block.Water, here.level - sign);
      putInModel(model, neighbour, Block.Water, there.level + sign);
    }
  }
}

function block(model: BlockModel, cell: number): { id: number; level: number } {
  return model.cells.get(cell) ?? { id: -1, level: -1 };
}

function later(model: BlockModel, cell: number): void {
  if (!model.due.includes(cell)) model.due.push(cell);
}

function around(model: BlockModel, cell: number): number[] {
  const { shape } = model.world;
  const { x, y, layer } = placeOf(shape, cell);
  const steps = [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ] as const;
  return steps
    .map(([right, down]) => cellAt(shape, { x: x + right, y: y + down, layer }))
    .filter((neighbour) => neighbour !== -1);
}

function dice(model: BlockModel, cell: number, salt: number): number {
  return scaleRandom(randomUint32(model.world.parameters.seed, model.tick, cell, salt), 100);
}
