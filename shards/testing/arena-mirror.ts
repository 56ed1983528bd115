import { fromBinary } from "@bufbuild/protobuf";
import { TickInputsSchema } from "#proto/journal_pb.ts";
import {
  ARENA_HEALTH_MAX,
  ARENA_UNIT,
  type ArenaParameters,
  type ArenaSelf,
  type ArenaWorld,
  cellAt,
  decodeArenaSnapshot,
  hashArena,
  readArenaPose,
  readArenaSelf,
  rowOf,
  stepArena,
} from "#shared/sim/index.ts";
import type { ViewportSize } from "../loop/messages.ts";
import { describeEvent, describeSeen } from "./arena-watcher.ts";

const CAPACITY = 1_024;
/** Ticks for which events are kept; more than two frames can lie apart without a new start. */
const EVENT_TICKS = 64;

/** The arena as its journal tells it: the truth that a shard and its clients are held against. */
export class ArenaMirror {
  readonly #world: ArenaWorld;
  /** Hits and deaths of the latest ticks. */
  #events: { tick: number; cell: number; line: string }[] = [];

  constructor(snapshot: Uint8Array) {
    this.#world = decodeArenaSnapshot(snapshot, { capacity: CAPACITY });
  }

  get tick(): number {
    return this.#world.tick;
  }

  get parameters(): ArenaParameters {
    return this.#world.parameters;
  }

  /** Runs one tick of the journal. */
  replay(inputs: Uint8Array): void {
    stepArena(this.#world, fromBinary(TickInputsSchema, inputs).arena);
    const { tick, effects } = this.#world;
    this.#events = this.#events.filter((event) => event.tick > tick - EVENT_TICKS);
    const note = (befallen: number, line: string) =>
      this.#events.push({ tick, cell: this.cellAt(befallen), line });
    for (const hit of effects.hits) note(hit.target, describeEvent({ case: "hit", value: hit }));
    for (const death of effects.deaths) {
      note(death.entity, describeEvent({ case: "death", value: death }));
    }
  }

  /** A line for each hit and death in these cells after a tick, in the order of time. */
  events(cells: ReadonlySet<number>, sinceTick: number): string[] {
    return this.#events
      .filter(({ tick, cell }) => tick > sinceTick && cells.has(cell))
      .map(({ line }) => line);
  }

  hash(): string {
    return hashArena(this.#world);
  }

  /** A line for everyone in these cells, as `ArenaWatcher.view` has them. */
  view(cells: ReadonlySet<number>): string[] {
    const { players, measures } = this.#world;
    const { ids, columns } = players;
    const lines: string[] = [];
    for (const row of this.#world.rowByPlayer.values()) {
      const x = columns.x[row] ?? 0;
      const y = columns.y[row] ?? 0;
      if (!cells.has(cellAt(x, y, measures.grid))) continue;
      const name = columns.name[row] ?? "";
      const wounds = ARENA_HEALTH_MAX - (columns.health[row] ?? 0);
      const score = columns.score[row] ?? 0;
      const pose = readArenaPose(this.#world, row);
      lines.push(describeSeen(ids[row] ?? 0, { name, x, y, pose, wounds, score }));
    }
    return lines.sort();
  }

  /** The cell that an entity is in. */
  cellAt(entity: number): number {
    const { players, measures } = this.#world;
    const row = rowOf(players, entity);
    return cellAt(players.columns.x[row] ?? 0, players.columns.y[row] ?? 0, measures.grid);
  }

  /** The cells that a window around an entity touches. */
  cellsAround(entity: number, { width, height }: ViewportSize): Set<number> {
    const { players, measures } = this.#world;
    const { columns, rows, cellSize } = measures.grid;
    const entityRow = rowOf(players, entity);
    const x = players.columns.x[entityRow] ?? 0;
    const y = players.columns.y[entityRow] ?? 0;
    const across = touchedCells(x, (width * ARENA_UNIT) / 2, { cellSize, count: columns });
    const down = touchedCells(y, (height * ARENA_UNIT) / 2, { cellSize, count: rows });
    const cells = new Set<number>();
    for (const row of down) for (const column of across) cells.add(row * columns + column);
    return cells;
  }

  /** What an ack is to say of an entity; undefined when there is none. */
  ackOf(entity: number): { sequence: number; self: ArenaSelf } | undefined {
    const row = rowOf(this.#world.players, entity);
    if (row === -1) return undefined;
    const sequence = this.#world.players.columns.sequence[row] ?? 0;
    return { sequence, self: readArenaSelf(this.#world, row) };
  }

  /** Everyone in the world: player id and entity. */
  entities(): Map<string, number> {
    const { ids } = this.#world.players;
    return new Map(
      [...this.#world.rowByPlayer].map(([playerId, row]) => [playerId, ids[row] ?? 0]),
    );
  }
}

/** Which cells of one axis lie within `reach` of a position. */
function touchedCells(
  position: number,
  reach: number,
  axis: { cellSize: number; count: number },
): number[] {
  const { cellSize, count } = axis;
  return Array.from({ length: count }, (_, cell) => cell).filter(
    (cell) => (cell + 1) * cellSize > position - reach && cell * cellSize <= position + reach,
  );
}
