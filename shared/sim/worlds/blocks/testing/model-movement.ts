import { isFree, type Model, type ModelEntity } from "./model.ts";

/** A tick of a player's movement, by a hundredth of a block at a time. */
export function moveModelPlayer(model: Model, entity: ModelEntity): void {
  const { dx, dy } = entity;
  const speed = dx !== 0 && dy !== 0 ? 353n : 500n;
  const { tick, world } = model.land;
  const rate = BigInt(world.parameters.tickRate);
  const covered = (at: number) => (speed * BigInt(at)) / rate;
  const steps = Number(covered(tick) - covered(tick - 1));
  const freeX = push(model, entity, { dx, dy: 0, steps });
  const freeY = push(model, entity, { dx: 0, dy, steps });
  if (!freeX && dy === 0) roundCorner(model, entity, { dx, dy: 0, steps });
  if (!freeY && dx === 0) roundCorner(model, entity, { dx: 0, dy, steps });
}

interface Push {
  readonly dx: number;
  readonly dy: number;
  readonly steps: number;
}

/** Pushes along one axis until something is in the way; whether nothing was. */
function push(model: Model, entity: ModelEntity, { dx, dy, steps }: Push): boolean {
  if (dx === 0 && dy === 0) return true;
  for (let step = 0; step < steps; step++) {
    const next = { x: entity.x + dx, y: entity.y + dy };
    const before = blocksUnder(entity);
    const entered = blocksUnder(next).filter((block) => !before.includes(block));
    const blocked = entered.some((block) => {
      const [x = 0, y = 0] = block.split(" ").map(Number);
      return !isFree(model, x, y);
    });
    if (blocked) return false;
    Object.assign(entity, next);
  }
  return true;
}

/** The blocks that the hitbox of somebody at a place touches. */
function blocksUnder({ x, y }: { x: number; y: number }): string[] {
  const edges = (at: number) => [Math.floor((at - 40) / 100), Math.floor((at + 39) / 100)];
  return edges(x).flatMap((column) => edges(y).map((row) => `${column} ${row}`));
}

/** Who meets a corner while the block before its middle is free is pushed towards the middle. */
function roundCorner(model: Model, entity: ModelEntity, { dx, dy, steps }: Push): void {
  const x = Math.floor(entity.x / 100);
  const y = Math.floor(entity.y / 100);
  if (!isFree(model, x + dx, y + dy)) return;
  const right = dx === 0 ? x * 100 + 50 - entity.x : 0;
  const down = dy === 0 ? y * 100 + 50 - entity.y : 0;
  const far = Math.min(steps, Math.abs(right + down));
  push(model, entity, { dx: Math.sign(right), dy: Math.sign(down), steps: far });
}
