import { create, toBinary } from "@bufbuild/protobuf";
import { InputSchema, IntentSchema } from "#proto/frame_pb.ts";
import { ArenaPlayerSchema } from "#proto/journal_pb.ts";
import { ARENA_UNIT, type Random } from "#shared/sim/index.ts";
import type { ShardWorld } from "../world/shard-world.ts";

/** Below this many, somebody joins each tick. */
const PLAYERS_MIN = 30;

/** Players who join, leave, rename, stop, run about and fight at random, straight in a world. */
export class ArenaCrowd {
  readonly #world: ShardWorld;
  readonly #random: Random;
  readonly #playersMax: number;
  readonly #sequences = new Map<number, number>();
  /** Everyone in the world. */
  readonly players: { playerId: string; entity: number }[] = [];
  /** Commands per tick. */
  commands = 4;

  constructor(world: ShardWorld, random: Random, playersMax: number) {
    this.#world = world;
    this.#random = random;
    this.#playersMax = playersMax;
  }

  /** What they do in the next tick. */
  act(): void {
    const roll = this.#random.below(100);
    if (roll < 8 || this.players.length < Math.min(PLAYERS_MIN, this.#playersMax)) this.#join();
    else if (roll < 10) this.#world.inputs.leave(this.#pick());
    else if (roll < 12) this.#world.inputs.halt(this.#pick());
    else if (roll < 15) {
      this.#world.inputs.rename(this.#pick(), `renamed ${this.#random.below(1_000)}`);
    }
    for (let count = 0; count < this.commands; count++) this.#command();
  }

  /** What became of it, after the step. */
  learn(): void {
    for (const { entity } of this.#world.effects.departed) {
      const index = this.players.findIndex((player) => player.entity === entity);
      if (index >= 0) this.players.splice(index, 1);
    }
    for (const { playerId, entity } of this.#world.effects.joined) {
      this.#sequences.set(entity, 0);
      if (this.players.some((player) => player.entity === entity)) continue;
      this.players.push({ playerId, entity });
    }
  }

  /** Everyone lets go of the controls. */
  rest(): void {
    for (const { entity } of this.players) this.#world.inputs.halt(entity);
  }

  /** Half of them come with a place of their own, and weak. */
  #join(): void {
    const playerId = `p${this.#random.below(this.#playersMax)}`;
    const { columns, rows, cellSize } = this.#world.grid;
    const x = this.#random.below(columns * cellSize * ARENA_UNIT);
    const y = this.#random.below(rows * cellSize * ARENA_UNIT);
    const player = create(ArenaPlayerSchema, { x, y, health: 40, score: this.#random.below(300) });
    const restored = this.#random.below(2) === 0 ? undefined : toBinary(ArenaPlayerSchema, player);
    this.#world.inputs.join({ playerId, name: `näme of ${playerId}`, restored });
  }

  #command(): void {
    const entity = this.#pick();
    if (entity === 0) return;
    const sequence = (this.#sequences.get(entity) ?? 0) + 1;
    this.#sequences.set(entity, sequence);
    if (this.#random.below(4) === 0) {
      const value = { action: { case: "attack" as const, value: {} } };
      const message = create(IntentSchema, { sequence, action: { case: "arena", value } });
      this.#world.inputs.command(entity, message);
      return;
    }
    const value = { dx: this.#random.below(3) - 1, dy: this.#random.below(3) - 1 };
    const message = create(InputSchema, { sequence, controls: { case: "arena", value } });
    this.#world.inputs.command(entity, message);
  }

  #pick(): number {
    const { length } = this.players;
    return length === 0 ? 0 : (this.players[this.#random.below(length)]?.entity ?? 0);
  }
}
