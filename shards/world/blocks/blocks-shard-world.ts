import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  BlocksInputSchema,
  BlocksParametersSchema,
  BlocksPlayerSchema,
  type BlocksInput as InputMessage,
  type BlocksPlayer as PlayerMessage,
} from "#proto/blocks_pb.ts";
import type { Welcome } from "#proto/frame_pb.ts";
import { TickInputsSchema } from "#proto/journal_pb.ts";
import type { CellBytes } from "#shared/net/cell-bytes.ts";
import { UNITS_PER_BLOCK } from "#shared/net/protocol.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import {
  BLOCKS_PARAMETERS,
  BLOCKS_UNIT,
  type BlocksAction,
  type BlocksControls,
  type BlocksPlayer,
  type BlocksWorld,
  type CopyArea,
  createBlocks,
  hashBlocks,
  isDurableBlocksAction,
  playersMax,
  rowOf,
  type StateCopy,
  stepBlocks,
} from "#shared/sim/index.ts";
import { InputQueue, type InputRules } from "../input-queue.ts";
import type { MirroredLand } from "../mirrored-land.ts";
import type { RegionGhosts } from "../region-ghosts.ts";
import type { CellGrid, ShardWorld, ShardWorldFactory } from "../shard-world.ts";
import type { WantedCells } from "../wanted-cells.ts";
import { type EffectRules, NO_EFFECTS, tellEffects, type WorldEffects } from "../world-effects.ts";
import { BlocksCopier } from "./blocks-copier.ts";
import { BlocksScene } from "./blocks-scene.ts";
import { decodeBlocksSnapshot, encodeBlocksSnapshot } from "./blocks-snapshot.ts";
import { describeBlocksPlayers } from "./describe-players.ts";
import { RegionLand } from "./region-land.ts";

/** A chunk's side in units of a viewport. */
const CHUNK_UNITS = 16 * UNITS_PER_BLOCK;
/** Usual bytes of a chunk in a keyframe, creatures included. */
const KEYFRAME_BYTES = 1_536;

/** Makes worlds of blocks. */
export const blocksFactory: ShardWorldFactory = {
  isMirrored: true,
  create: ({ tickRate, seed, capacity, spawnBlocks = BLOCKS_PARAMETERS.spawnBlocks }) => {
    const parameters = { ...BLOCKS_PARAMETERS, tickRate, seed, spawnBlocks };
    return new BlocksShardWorld(createBlocks(parameters), capacity);
  },
  restore: (snapshot, { capacity }) =>
    new BlocksShardWorld(decodeBlocksSnapshot(snapshot), capacity),
};

/** The world `blocks` as the loop drives it. */
class BlocksShardWorld implements ShardWorld {
  readonly tickRate: number;
  readonly capacity: number;
  readonly grid: CellGrid;
  readonly unitsTold = UNITS_PER_BLOCK;
  readonly keyframeBytes = KEYFRAME_BYTES;
  readonly windowTicksMax: number;
  readonly #world: BlocksWorld;
  readonly #scene: BlocksScene;
  readonly #copier: BlocksCopier;
  readonly #land: RegionLand;
  readonly #rules: ReturnType<typeof rulesOf>;
  readonly inputs: InputQueue<InputMessage, PlayerMessage, BlocksControls, BlocksAction>;
  #effects: WorldEffects = NO_EFFECTS;
  /** Whether the scene knows what lasts before the first step. */
  #isAdopted = false;

  constructor(world: BlocksWorld, capacity: number) {
    const { columns, rows } = world.shape;
    this.#world = world;
    // More than that would find the world full of traders and what lies about.
    this.capacity = Math.min(capacity, playersMax(world.bags.capacity));
    this.tickRate = world.parameters.tickRate;
    this.grid = { columns, rows, cellSize: CHUNK_UNITS };
    this.#scene = new BlocksScene(world);
    this.windowTicksMax = this.#scene.windowTicksMax;
    this.#copier = new BlocksCopier(world);
    this.#land = new RegionLand(world);
    this.#rules = rulesOf(world, this.#scene, this.capacity);
    this.inputs = new InputQueue(this.#rules);
  }

  get tick(): number {
    return this.#world.tick;
  }

  get population(): number {
    return this.#world.bagByPlayer.size;
  }

  get land(): MirroredLand {
    return this.#land;
  }

  get ghosts(): RegionGhosts {
    return this.#scene.ghosts;
  }

  get effects(): WorldEffects {
    return this.#effects;
  }

  step(): Uint8Array {
    const { inputs: asked, refused } = this.inputs.take();
    const inputs = [...this.#land.takeInputs(), ...asked];
    if (!this.#isAdopted) this.#scene.adopt();
    this.#isAdopted = true;
    const bytes = toBinary(TickInputsSchema, create(TickInputsSchema, { blocks: inputs }));
    stepBlocks(this.#world, inputs);
    this.#land.stepped();
    this.#copier.collect();
    const { effects } = this.#world;
    const earners = [...effects.lasting];
    this.#effects = tellEffects(this.#rules, effects, { refused, earners });
    return bytes;
  }

  /** Who found no room then finds none now: what a tick refused, it refuses again. */
  replay(inputs: Uint8Array): void {
    this.#isAdopted = false;
    stepBlocks(this.#world, fromBinary(TickInputsSchema, inputs).blocks);
    this.#copier.collect();
  }

  hash(): string {
    return hashBlocks(this.#world);
  }

  snapshot(): Uint8Array {
    return encodeBlocksSnapshot(this.#world);
  }

  copySnapshot(area: CopyArea): StateCopy {
    return this.#copier.copy(area);
  }

  *players(): Iterable<{ playerId: string; entity: number }> {
    const { owner } = this.#world.bags.columns;
    for (const [playerId, bag] of this.#world.bagByPlayer) {
      yield { playerId, entity: owner[bag] ?? 0 };
    }
  }

  get sizes(): Readonly<Record<string, number>> {
    const { entities, waiting, chunks, awake, mirror } = this.#world;
    return {
      entities: entities.population,
      stacks_waiting: waiting.population,
      chunks_changed: chunks.changed.size,
      chunks_made: chunks.madeCount,
      chunks_dropped: chunks.droppedCount,
      blocks_awake: awake.size,
      blocks_held: this.#scene.heldBlocks,
      cells_mirrored: mirror.register.size,
    };
  }

  describePlayers(): Readonly<Record<string, string | number>>[] {
    return describeBlocksPlayers(this.#world);
  }

  sequenceOf(entity: number): number {
    return this.#world.bags.columns.sequence[this.#scene.bagOf(entity)] ?? 0;
  }

  welcome(): Welcome["world"] {
    return { case: "blocks", value: create(BlocksParametersSchema, this.#world.parameters) };
  }

  observe(): void {
    this.#scene.observe();
  }

  show(committedTick: number): void {
    this.#scene.show(committedTick);
  }

  locate(entity: number, out: { x: number; y: number }): boolean {
    const row = rowOf(this.#world.entities, entity);
    if (row === -1) return false;
    const { x, y } = this.#world.entities.columns;
    out.x = ((x[row] ?? 0) * UNITS_PER_BLOCK) / BLOCKS_UNIT;
    out.y = ((y[row] ?? 0) * UNITS_PER_BLOCK) / BLOCKS_UNIT;
    return true;
  }

  changedWithin(entity: number, ticks: number): boolean {
    return this.#scene.changedTick(entity) > this.tick - ticks;
  }

  cellOf(entity: number): number {
    return this.#scene.cellOf(entity);
  }

  countIn(cell: number, most: number): number {
    return this.#scene.countIn(cell, most);
  }

  writeSelf(entity: number, writer: WireWriter, knownTick: number): void {
    this.#scene.writeSelf(entity, writer, knownTick);
  }

  healCell(cell: number): void {
    this.#scene.heal(cell);
  }

  encodeCells(into: CellBytes, wanted: WantedCells, intervalTicks: number): void {
    this.#scene.encode(into, wanted, intervalTicks);
  }
}

function rulesOf(world: BlocksWorld, scene: BlocksScene, capacity: number) {
  const { bags, bagByPlayer } = world;
  return {
    hasPlayer: (playerId) => bagByPlayer.has(playerId),
    hasRoom: (arriving) => bagByPlayer.size + arriving < capacity,
    readPlayer: (state) => fromBinary(BlocksPlayerSchema, state),
    writePlayer: ({ slots, ...player }) =>
      toBinary(BlocksPlayerSchema, create(BlocksPlayerSchema, { ...player, slots: [...slots] })),
    playerOf: (entity) => bags.columns.playerId[scene.bagOf(entity)] ?? "",
    controlsOf: (controls) => (controls.case === "blocks" ? controls.value : undefined),
    actionOf: (action) => (action.case === "blocks" ? action.value : undefined),
    isDurable: isDurableBlocksAction,
    inputOf: (input) => create(BlocksInputSchema, { input }),
  } satisfies InputRules<InputMessage, PlayerMessage, BlocksControls, BlocksAction> &
    EffectRules<BlocksPlayer>;
}
