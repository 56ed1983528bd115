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

type Lasting = Pick<ArenaSelf, "score" | "kills" | "deaths" | "credits">;

const NOTHING: Lasting = { score: 0, kills: 0, deaths: 0, credits: 0 };

/**
 * The arena as its journal tells it: the truth that a shard and its clients are held against. What
 * clients may be shown of it is the last tick, but for what lasts, which is as of the last commit.
 */
export class ArenaMirror {
  readonly #world: ArenaWorld;
  /** The same as of the last commit, and the journal since then. */
  readonly #safe: ArenaWorld;
  readonly #uncommitted: Uint8Array[] = [];
  /** What lasts as it was shown last, by entity. */
  readonly #shown = new Map<number, Lasting>();
  /** Hits and deaths, with the tick in which they were first shown. */
  #events: { tick: number; cell: number; line: string }[] = [];
  /** Deaths that are not committed. */
  #secrets: { tick: number; cell: number; line: string }[] = [];
  /** Ticks in which players' own commands last did something that lasts, by entity. */
  readonly #earned = new Map<number, number>();

  constructor(snapshot: Uint8Array) {
    this.#world = decodeArenaSnapshot(snapshot, { capacity: CAPACITY });
    this.#safe = decodeArenaSnapshot(snapshot, { capacity: CAPACITY });
    this.show();
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
    this.#uncommitted.push(inputs);
    const { tick, effects } = this.#world;
    for (const { entity, returning } of effects.joined) {
      if (!returning) this.#shown.set(entity, this.lastingOf(entity) ?? NOTHING);
    }
    this.#events = this.#events.filter((event) => event.tick > tick - EVENT_TICKS);
    for (const { entity } of effects.outcomes) this.#earned.set(entity, tick);
    for (const hit of effects.hits) {
      this.#earned.set(hit.attacker, tick);
      const line = describeEvent({ case: "hit", value: hit });
      this.#events.push({ tick, cell: this.cellAt(hit.target), line });
    }
    for (const death of effects.deaths) {
      const line = describeEvent({ case: "death", value: death });
      this.#secrets.push({ tick, cell: this.cellAt(death.entity), line });
    }
  }

  /** All up to that tick is in the database. */
  commit(tick: number): void {
    while (this.#safe.tick < tick) {
      const inputs = this.#uncommitted.shift();
      if (inputs === undefined) throw new Error(`tick ${tick} is committed and never was`);
      stepArena(this.#safe, fromBinary(TickInputsSchema, inputs).arena);
    }
  }

  /** Frames are about to be made: they show what lasts as of the last commit. */
  show(): void {
    const { tick } = this.#world;
    const { rowByPlayer, players } = this.#safe;
    for (const row of rowByPlayer.values()) {
      this.#shown.set(players.ids[row] ?? 0, lastingOf(readArenaSelf(this.#safe, row)));
    }
    const known = this.#secrets.filter((secret) => secret.tick <= this.#safe.tick);
    this.#secrets = this.#secrets.filter((secret) => secret.tick > this.#safe.tick);
    for (const { cell, line } of known) this.#events.push({ tick, cell, line });
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
      const { score } = this.#shownOf(ids[row] ?? 0);
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
    return { sequence, self: { ...readArenaSelf(this.#world, row), ...this.#shownOf(entity) } };
  }

  /** Whether an ack would cover what is not committed. */
  holdsAck(entity: number): boolean {
    return (this.#earned.get(entity) ?? 0) > this.#safe.tick;
  }

  /** What lasts of an entity, shown or not; undefined when there is none. */
  lastingOf(entity: number): Lasting | undefined {
    const row = rowOf(this.#world.players, entity);
    return row === -1 ? undefined : lastingOf(readArenaSelf(this.#world, row));
  }

  #shownOf(entity: number): Lasting {
    const shown = this.#shown.get(entity);
    if (shown === undefined) throw new Error(`cannot tell what is shown of ${entity}`);
    return shown;
  }

  /** Everyone in the world: player id and entity. */
  entities(): Map<string, number> {
    const { ids } = this.#world.players;
    return new Map(
      [...this.#world.rowByPlayer].map(([playerId, row]) => [playerId, ids[row] ?? 0]),
    );
  }
}

function lastingOf({ score, kills, deaths, credits }: Lasting): Lasting {
  return { score, kills, deaths, credits };
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
