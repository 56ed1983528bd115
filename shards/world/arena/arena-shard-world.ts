import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ArenaParametersSchema } from "#proto/arena_pb.ts";
import type { Welcome } from "#proto/frame_pb.ts";
import { ArenaPlayerSchema } from "#proto/journal_pb.ts";
import type { CellBytes } from "#shared/net/cell-bytes.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import {
  ARENA_PARAMETERS,
  ARENA_UNIT,
  type ArenaAction,
  type ArenaControls,
  type ArenaInput,
  type ArenaPlayer,
  ArenaReplay,
  type ArenaWorld,
  type CopyArea,
  createArena,
  decodeArenaSnapshot,
  encodeArenaHead,
  encodeArenaSnapshot,
  hashArena,
  isDurableArenaAction,
  rowOf,
  SnapshotCopier,
  type StateCopy,
  stepArena,
} from "#shared/sim/index.ts";
import { encodeWanted } from "../cell-encoding.ts";
import { InputQueue, type InputRules } from "../input-queue.ts";
import type { CellGrid, ShardWorld, ShardWorldFactory } from "../shard-world.ts";
import type { WantedCells } from "../wanted-cells.ts";
import { type EffectRules, NO_EFFECTS, tellEffects, type WorldEffects } from "../world-effects.ts";
import { ArenaEncoder } from "./arena-encoder.ts";
import { ArenaSelfWriter } from "./arena-self-writer.ts";
import { ArenaTracker } from "./arena-tracker.ts";
import { JournalReader, JournalWriter } from "./journal-inputs.ts";

/**
 * Rows of the entity table in every shard of up to so many players, and for more the next power of
 * two: room must never run out in a replay, so it follows neither from a smaller configuration nor
 * from a smaller snapshot. Admission keeps below it.
 */
const TABLE_ROWS_MIN = 16_384;

/** Makes arenas. */
export const arenaFactory: ShardWorldFactory = {
  isMirrored: false,
  create: ({ tickRate, seed, capacity, side, cellSize = ARENA_PARAMETERS.cellSize }) => {
    const { width, height } = ARENA_PARAMETERS;
    const measures = { width: side ?? width, height: side ?? height, cellSize };
    const world = createArena({ ...measures, tickRate, seed }, { capacity: rowsFor(capacity) });
    return new ArenaShardWorld(world, capacity);
  },
  restore: (snapshot, { capacity }) =>
    new ArenaShardWorld(decodeArenaSnapshot(snapshot, { capacity: rowsFor(capacity) }), capacity),
};

function rowsFor(players: number): number {
  let rows = TABLE_ROWS_MIN;
  while (rows < players) rows *= 2;
  return rows;
}

/** The world `arena` as the loop drives it. */
class ArenaShardWorld implements ShardWorld {
  readonly tickRate: number;
  readonly capacity: number;
  readonly grid: CellGrid;
  readonly unitsTold = 1;
  readonly keyframeBytes = 0;
  readonly windowTicksMax: number;
  readonly #world: ArenaWorld;
  readonly #tracker: ArenaTracker;
  readonly #encoder: ArenaEncoder;
  readonly #selfWriter: ArenaSelfWriter;
  readonly #journal = new JournalWriter();
  readonly #reader = new JournalReader();
  readonly #replay: ArenaReplay;
  readonly #copier: SnapshotCopier;
  readonly #rules: ReturnType<typeof rulesOf>;
  readonly inputs: InputQueue<ArenaInput, ArenaPlayer, ArenaControls, ArenaAction>;
  #effects: WorldEffects = NO_EFFECTS;
  /** Whether the tracker knows what lasts before the first step. */
  #isAdopted = false;

  constructor(world: ArenaWorld, capacity: number) {
    this.#world = world;
    this.capacity = capacity;
    this.tickRate = world.parameters.tickRate;
    const { columns, rows } = world.measures.grid;
    this.grid = { columns, rows, cellSize: world.parameters.cellSize };
    this.#replay = new ArenaReplay(world);
    this.#tracker = new ArenaTracker(world);
    this.#encoder = new ArenaEncoder(world, this.#tracker);
    this.#selfWriter = new ArenaSelfWriter(world, this.#tracker.lasting);
    this.#copier = new SnapshotCopier([world.players]);
    this.windowTicksMax = this.#tracker.history.ticksMax;
    this.#rules = rulesOf(world, capacity);
    this.inputs = new InputQueue(this.#rules);
  }

  get tick(): number {
    return this.#world.tick;
  }

  get population(): number {
    return this.#world.players.population;
  }

  get effects(): WorldEffects {
    return this.#effects;
  }

  step(): Uint8Array {
    const { inputs, refused } = this.inputs.take();
    if (!this.#isAdopted) this.#tracker.adopt();
    this.#isAdopted = true;
    const bytes = this.#journal.encode(inputs);
    stepArena(this.#world, inputs);
    this.#copier.collectTexts();
    const { effects } = this.#world;
    const earners = effects.hits.map(({ attacker }) => attacker);
    this.#effects = tellEffects(this.#rules, effects, { refused, earners });
    return bytes;
  }

  replay(inputs: Uint8Array, isMoreToCome = false): void {
    this.#isAdopted = false;
    this.#replay.step(this.#reader.read(inputs), isMoreToCome);
    this.#copier.collectTexts();
    const [refused] = this.#world.effects.refused;
    if (refused === undefined) return;
    throw new Error(
      `cannot replay tick ${this.tick}: there is no room for player ${refused.playerId}, who was ` +
        "let in; start the shard with as many players as it had",
    );
  }

  hash(): string {
    return hashArena(this.#world);
  }

  snapshot(): Uint8Array {
    return encodeArenaSnapshot(this.#world);
  }

  copySnapshot(area: CopyArea): StateCopy {
    const { tick } = this.#world;
    return { tick, head: encodeArenaHead(this.#world), ...this.#copier.copy(area) };
  }

  *players(): Iterable<{ playerId: string; entity: number }> {
    const { ids } = this.#world.players;
    for (const [playerId, row] of this.#world.rowByPlayer)
      yield { playerId, entity: ids[row] ?? 0 };
  }

  get sizes(): Readonly<Record<string, number>> {
    return { entities: this.population };
  }

  describePlayers(): Readonly<Record<string, string | number>>[] {
    const { columns, ids } = this.#world.players;
    return [...this.#world.rowByPlayer].map(([playerId, row]) => ({
      entity: ids[row] ?? 0,
      playerId,
      name: columns.name[row] ?? "",
      x: (columns.x[row] ?? 0) / ARENA_UNIT,
      y: (columns.y[row] ?? 0) / ARENA_UNIT,
      health: columns.health[row] ?? 0,
      kills: columns.kills[row] ?? 0,
      deaths: columns.deaths[row] ?? 0,
      score: columns.score[row] ?? 0,
      credits: columns.credits[row] ?? 0,
      sequence: columns.sequence[row] ?? 0,
    }));
  }

  sequenceOf(entity: number): number {
    return this.#world.players.columns.sequence[rowOf(this.#world.players, entity)] ?? 0;
  }

  welcome(): Welcome["world"] {
    return { case: "arena", value: create(ArenaParametersSchema, this.#world.parameters) };
  }

  observe(): void {
    this.#tracker.observe();
  }

  show(committedTick: number): void {
    this.#tracker.show(committedTick);
  }

  locate(entity: number, out: { x: number; y: number }): boolean {
    const row = rowOf(this.#world.players, entity);
    if (row === -1) return false;
    const { x, y } = this.#world.players.columns;
    out.x = (x[row] ?? 0) / ARENA_UNIT;
    out.y = (y[row] ?? 0) / ARENA_UNIT;
    return true;
  }

  changedWithin(entity: number, ticks: number): boolean {
    const row = this.#tracker.rowOf(entity);
    const { movedTick, hurtTick, toldTick, shownTick } = this.#tracker;
    const seen = Math.max(movedTick[row] ?? 0, hurtTick[row] ?? 0, toldTick[row] ?? 0);
    return Math.max(seen, shownTick[row] ?? 0) > this.tick - ticks;
  }

  cellOf(entity: number): number {
    const row = this.#tracker.rowOf(entity);
    return row === -1 ? -1 : (this.#tracker.cells[row] ?? 0);
  }

  countIn(cell: number, most: number): number {
    return this.#tracker.members.count(cell, most);
  }

  writeSelf(entity: number, writer: WireWriter): void {
    const row = rowOf(this.#world.players, entity);
    if (row !== -1) this.#selfWriter.write(row, writer);
  }

  healCell(cell: number): void {
    this.#encoder.heal(cell);
  }

  encodeCells(into: CellBytes, wanted: WantedCells, intervalTicks: number): void {
    encodeWanted(this.#encoder, into, { wanted, intervalTicks });
  }
}

function rulesOf(world: ArenaWorld, capacity: number) {
  const { players, rowByPlayer } = world;
  return {
    hasPlayer: (playerId) => rowByPlayer.has(playerId),
    hasRoom: (arriving) => players.population + arriving < capacity,
    readPlayer: (state) => fromBinary(ArenaPlayerSchema, state),
    writePlayer: (player) => toBinary(ArenaPlayerSchema, create(ArenaPlayerSchema, player)),
    // Strikes come last in a tick: whoever deals or takes one is still there.
    playerOf: (entity) => players.columns.playerId[rowOf(players, entity)] ?? "",
    controlsOf: (controls) => (controls.case === "arena" ? controls.value : undefined),
    actionOf: (action) => (action.case === "arena" ? action.value : undefined),
    isDurable: isDurableArenaAction,
    inputOf: (input) => ({ input }),
  } satisfies InputRules<ArenaInput, ArenaPlayer, ArenaControls, ArenaAction> &
    EffectRules<ArenaPlayer>;
}
