import {
  type ArenaParameters,
  type ArenaSelf,
  type ArenaWorld,
  createArena,
  readArenaSelf,
  restoreArenaSelf,
  stepArena,
} from "#shared/sim/index.ts";
import type { ArenaCommand } from "../sdk/arena/arena-types.ts";
import type { PredictedWorld } from "./predictor.ts";

/** An arena with the own player in it; kills, deaths, score and credits are never predicted. */
export class ArenaPrediction implements PredictedWorld<ArenaSelf, ArenaCommand> {
  readonly #world: ArenaWorld;
  readonly #entity: number;
  #row = 0;

  constructor(options: { parameters: ArenaParameters; entity: number }) {
    this.#world = createArena(options.parameters, { capacity: 1 });
    this.#entity = options.entity;
  }

  get tick(): number {
    return this.#world.tick;
  }

  step(commands: readonly ArenaCommand[]): void {
    const inputs = commands.map(({ sequence, command }) => ({
      input: { case: "command" as const, value: { entity: this.#entity, sequence, command } },
    }));
    stepArena(this.#world, inputs);
  }

  read(): ArenaSelf {
    return readArenaSelf(this.#world, this.#row);
  }

  restore(tick: number, self: ArenaSelf): void {
    this.#row = restoreArenaSelf(this.#world, this.#entity, self);
    this.#world.tick = tick;
  }

  learn({ kills, deaths, score, credits }: ArenaSelf): void {
    const { columns } = this.#world.players;
    columns.kills[this.#row] = kills;
    columns.deaths[this.#row] = deaths;
    columns.score[this.#row] = score;
    columns.credits[this.#row] = credits;
  }

  isSame(predicted: ArenaSelf, self: ArenaSelf): boolean {
    return (
      predicted.x === self.x &&
      predicted.y === self.y &&
      predicted.controls?.dx === self.controls?.dx &&
      predicted.controls?.dy === self.controls?.dy &&
      predicted.facingRight === self.facingRight &&
      predicted.state === self.state &&
      predicted.health === self.health &&
      predicted.attackEndTick === self.attackEndTick &&
      predicted.attackReadyTick === self.attackReadyTick &&
      predicted.respawnTick === self.respawnTick
    );
  }
}
