import {
  type BlocksSelf,
  type BlocksWorld,
  readBlocksSelf,
  restoreBlocksSelf,
  stepBlocks,
} from "#shared/sim/index.ts";
import type { BlocksCommand } from "../sdk/blocks/blocks-types.ts";
import type { PredictedWorld } from "./predictor.ts";

/**
 * The own player on the land that is shown: it walks among what others have built and on what it
 * builds itself. What it carries is never predicted.
 */
export class BlocksPrediction implements PredictedWorld<BlocksSelf, BlocksCommand> {
  readonly #world: BlocksWorld;
  readonly #entity: number;
  #row = 0;

  /** `world` is a client's: only the own player moves and acts in it. */
  constructor(options: { world: BlocksWorld; entity: number }) {
    this.#world = options.world;
    this.#entity = options.entity;
  }

  get tick(): number {
    return this.#world.tick;
  }

  step(commands: readonly BlocksCommand[]): void {
    const inputs = commands.map(({ sequence, command }) => ({
      input: { case: "command" as const, value: { entity: this.#entity, sequence, command } },
    }));
    stepBlocks(this.#world, inputs);
  }

  read(): BlocksSelf {
    return readBlocksSelf(this.#world, this.#row);
  }

  restore(tick: number, self: BlocksSelf): void {
    this.#row = restoreBlocksSelf(this.#world, this.#entity, self);
    this.#world.tick = tick;
  }

  learn(): void {
    // The inventory is not part of the predicted world.
  }

  isSame(predicted: BlocksSelf, self: BlocksSelf): boolean {
    return (
      predicted.x === self.x &&
      predicted.y === self.y &&
      predicted.controls?.dx === self.controls?.dx &&
      predicted.controls?.dy === self.controls?.dy &&
      predicted.facing === self.facing &&
      predicted.health === self.health &&
      predicted.attackReadyTick === self.attackReadyTick
    );
  }
}
