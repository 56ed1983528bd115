import { expect, test } from "bun:test";
import { BLOCKS_PARAMETERS } from "./parameters.ts";
import { readBlocksSelf, restoreBlocksSelf } from "./self.ts";
import { stepBlocks } from "./step.ts";
import { controlsInput, joinInput } from "./testing/inputs.ts";
import { createBlocks } from "./world.ts";

test("a client's world moves its player exactly as the shard does, among the same blocks", () => {
  const world = createBlocks({ ...BLOCKS_PARAMETERS, seed: 3 }, { entities: 4000, bags: 10 });
  const inputs = Array.from({ length: 9 }, (_, index) => joinInput(`somebody-${index}`));
  stepBlocks(world, inputs);
  const entity = world.effects.joined[7]?.entity ?? 0;
  const row = world.entities.ids.indexOf(entity);
  const own = createBlocks(
    { ...BLOCKS_PARAMETERS, seed: 3 },
    { entities: 2, bags: 1, predicts: true },
  );
  own.tick = world.tick;
  const ownRow = restoreBlocksSelf(own, entity, readBlocksSelf(world, row));
  for (let tick = 0; tick < 600; tick++) {
    const turn = Math.floor(tick / 40);
    const controls = { dx: (turn % 3) - 1, dy: (Math.floor(turn / 3) % 3) - 1 };
    const input = controlsInput(entity, tick + 1, controls);
    stepBlocks(world, [input]);
    stepBlocks(own, [input]);
    expect(own.entities.columns.x[ownRow]).toBe(world.entities.columns.x[row]);
    expect(own.entities.columns.y[ownRow]).toBe(world.entities.columns.y[row]);
  }
  expect(readBlocksSelf(own, ownRow)).toEqual(readBlocksSelf(world, row));
  expect(own.entities.population).toBe(1);
});
