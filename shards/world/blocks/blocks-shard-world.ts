import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  BlocksInputSchema,
  BlocksParametersSchema,
  BlocksPlayerSchema,
  type BlocksInput as InputMessage,
} from "#proto/blocks_pb.ts";
import type { Welcome } from "#proto/frame_pb.ts";
import { TickInputsSchema } from "#proto/journal_pb.ts";
import type { CellBytes } from "#shared/net/cell-bytes.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import {
  BLOCKS_PARAMETERS,
  BLOCKS_UNIT,
  type BlocksInput,
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
import type { DurableCommand } from "../../loop/answers.ts";
import type { PlayerCommand } from "../../loop/messages.ts";
import type { MirroredLand } from "../mirrored-land.ts";
import type { RegionGhosts } from "../region-ghosts.ts";
import type { CellGrid, ShardWorld, ShardWorldFactory, WorldEffects } from "../shard-world.ts";
import type { WantedCells } from "../wanted-cells.ts";
import { BlocksCopier } from "./blocks-copier.ts";
import { BlocksScene } from "./blocks-scene.ts";
import { decodeBlocksSnapshot, encodeBlocksSnapshot } from "./blocks-snapshot.ts";
import { describeBlocksPlayers } from "./describe-players.ts";
import { RegionLand } from "./region-land.ts";

/** A viewport counts sixteenths of a block, so that a chunk is as large as an arena's cell. */
export const UNITS_PER_BLOCK = 16;
/** A chunk's side in these units. */
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
  readonly keyframeBytes = KEYFRAME_BYTES;
  readonly windowTicksMax: number;
  readonly #world: BlocksWorld;
  readonly #scene: BlocksScene;
  readonly #copier: BlocksCopier;
  readonly #land: RegionLand;
  #queue: InputMessage[] = [];
  /** New players among the queued joins. */
  #arriving = 0;
  #refused: { playerId: string }[] = [];
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

  queueJoin(player: { playerId: string; name: string; restored: Uint8Array | undefined }): void {
    const { playerId, name } = player;
    if (!this.#world.bagByPlayer.has(playerId)) {
      if (this.population + this.#arriving >= this.capacity) {
        this.#refused.push({ playerId });
        return;
      }
      this.#arriving += 1;
    }
    const restored =
      player.restored === undefined ? undefined : fromBinary(BlocksPlayerSchema, player.restored);
    this.#queue.push(
      create(BlocksInputSchema, { input: { case: "join", value: { playerId, name, restored } } }),
    );
  }

  queueLeave(entity: number): void {
    this.#queue.push(create(BlocksInputSchema, { input: { case: "leave", value: { entity } } }));
  }

  queueHalt(entity: number): void {
    this.#queue.push(create(BlocksInputSchema, { input: { case: "halt", value: { entity } } }));
  }

  queueRename(entity: number, name: string): void {
    this.#queue.push(
      create(BlocksInputSchema, { input: { case: "rename", value: { entity, name } } }),
    );
  }

  queueRestart(): void {
    this.#queue.push(create(BlocksInputSchema, { input: { case: "restart", value: {} } }));
  }

  queueCommand(entity: number, message: PlayerCommand): void {
    const { sequence } = message;
    const command = readCommand(message);
    this.#queue.push(
      create(BlocksInputSchema, {
        input: { case: "command", value: { entity, sequence, command } },
      }),
    );
  }

  isDurable(message: PlayerCommand): message is DurableCommand {
    if ("controls" in message || message.actionId.length === 0) return false;
    const { action } = message;
    return action.case === "blocks" && isDurableBlocksAction(action.value);
  }

  step(): Uint8Array {
    const inputs = [...this.#land.takeInputs(), ...this.#queue];
    this.#queue = [];
    this.#arriving = 0;
    if (!this.#isAdopted) this.#scene.adopt();
    this.#isAdopted = true;
    const bytes = toBinary(TickInputsSchema, create(TickInputsSchema, { blocks: inputs }));
    stepBlocks(this.#world, inputs);
    this.#land.stepped();
    this.#copier.collect();
    const { joined, refused, departed, rejections, outcomes, lasting } = this.#world.effects;
    this.#effects = {
      joined,
      refused: [...this.#refused, ...refused],
      departed: departed.map(({ playerId, entity, player }) => ({
        playerId,
        entity,
        state: encodePlayer(player),
      })),
      rejections,
      outcomes,
      kills: this.#kills(),
      earners: [...lasting, ...outcomes.map(({ entity }) => entity)],
    };
    this.#refused = [];
    return bytes;
  }

  replay(inputs: Uint8Array): void {
    this.#isAdopted = false;
    stepBlocks(this.#world, fromBinary(TickInputsSchema, inputs).blocks);
    this.#copier.collect();
    const [refused] = this.#world.effects.refused;
    if (refused === undefined) return;
    throw new Error(
      `cannot replay tick ${this.tick}: there is no room for player ${refused.playerId}, who was ` +
        "let in; start the version of Tessera that wrote the journal",
    );
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

  /** Players who were killed by players. */
  #kills(): WorldEffects["kills"] {
    return this.#world.effects.deaths.flatMap(({ entity, killer }) => {
      const victimId = this.#playerOf(entity);
      const killerId = this.#playerOf(killer);
      return victimId === "" || killerId === "" ? [] : [{ killerId, victimId }];
    });
  }

  #playerOf(entity: number): string {
    return this.#world.bags.columns.playerId[this.#scene.bagOf(entity)] ?? "";
  }
}

const NO_EFFECTS: WorldEffects = {
  joined: [],
  refused: [],
  departed: [],
  rejections: [],
  outcomes: [],
  earners: [],
  kills: [],
};

type BlocksCommandCase = Extract<BlocksInput["input"], { case: "command" }>["value"]["command"];

/** What the message asks of this world; nothing of it becomes a command that the rules refuse. */
function readCommand(message: PlayerCommand): BlocksCommandCase {
  if ("controls" in message) {
    const { controls } = message;
    return controls.case === "blocks" ? { case: "controls", value: controls.value } : NOTHING;
  }
  const { action, actionId } = message;
  if (action.case !== "blocks") return NOTHING;
  // Without its id nobody could be told what it led to.
  if (isDurableBlocksAction(action.value) && actionId.length === 0) return NOTHING;
  return { case: "action", value: action.value };
}

const NOTHING: BlocksCommandCase = { case: undefined };

function encodePlayer(player: BlocksPlayer): Uint8Array {
  const message = create(BlocksPlayerSchema, { ...player, slots: [...player.slots] });
  return toBinary(BlocksPlayerSchema, message);
}
