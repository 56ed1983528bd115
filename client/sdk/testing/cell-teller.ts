import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type ArenaEntity, ArenaEntitySchema, type ArenaEventSchema } from "#proto/arena_pb.ts";
import type { CellSchema, ServerFrameSchema } from "#proto/frame_pb.ts";
import {
  ARENA_HEALTH_MAX,
  type ArenaWorld,
  advanceArena,
  arenaTravel,
  cellOf,
  readArenaPose,
  unpackArenaPose,
} from "#shared/sim/index.ts";

/** A frame as it is given to the library. */
export type FrameInit = NonNullable<MessageInitShape<typeof ServerFrameSchema>["frame"]>;
type CellInit = MessageInitShape<typeof CellSchema> & {
  cell: number;
  keyframe: boolean;
  gone: number[];
  arenaEntities: ArenaEntity[];
  arenaEvents: MessageInitShape<typeof ArenaEventSchema>[];
};

interface Told {
  tick: number;
  cell: number;
  record: ArenaEntity;
}

/**
 * What one client has been told, and what it must be told now: the whole arena in cells, entities
 * only when they do not go on as the client thinks.
 */
export class CellTeller {
  readonly #told = new Map<number, Told>();
  #events: { cell: number; event: MessageInitShape<typeof ArenaEventSchema> }[] = [];
  #first = true;

  /** Notes what happened in the tick that has just been stepped. */
  watch(world: ArenaWorld): void {
    for (const hit of world.effects.hits) this.#note(hit.target, { case: "hit", value: hit });
    for (const death of world.effects.deaths)
      this.#note(death.entity, { case: "death", value: death });
  }

  tell(world: ArenaWorld): CellInit[] {
    const cells = new Map<number, CellInit>();
    const cellInit = (cell: number): CellInit => {
      const known = cells.get(cell);
      if (known !== undefined) return known;
      const keyframe = this.#first;
      const fresh = { cell, keyframe, gone: [], arenaEntities: [], arenaEvents: [] };
      cells.set(cell, fresh);
      return fresh;
    };
    const { ids, columns, rowCount } = world.players;
    const present = new Set<number>();
    for (let row = 0; row < rowCount; row += 1) {
      const id = ids[row] ?? 0;
      if (id === 0) continue;
      present.add(id);
      const cell = cellOf(columns.x[row] ?? 0, columns.y[row] ?? 0, world.parameters);
      const told = this.#told.get(id);
      const record = recordOf(world, row, told?.cell !== cell);
      if (told !== undefined && told.cell === cell && goesOn(world, told, record)) continue;
      if (told !== undefined && told.cell !== cell) cellInit(told.cell).gone.push(id);
      cellInit(cell).arenaEntities.push(record);
      this.#told.set(id, { tick: world.tick, cell, record });
    }
    for (const [id, { cell }] of this.#told) {
      if (present.has(id)) continue;
      this.#told.delete(id);
      cellInit(cell).gone.push(id);
    }
    for (const { cell, event } of this.#events.splice(0)) cellInit(cell).arenaEvents.push(event);
    this.#first = false;
    return [...cells.values()];
  }

  #note(entity: number, event: MessageInitShape<typeof ArenaEventSchema>["event"]): void {
    const cell = this.#told.get(entity)?.cell;
    if (cell !== undefined && event !== undefined) this.#events.push({ cell, event: { event } });
  }
}

function recordOf(world: ArenaWorld, row: number, named: boolean): ArenaEntity {
  const { ids, columns } = world.players;
  return create(ArenaEntitySchema, {
    id: ids[row] ?? 0,
    x: columns.x[row] ?? 0,
    y: columns.y[row] ?? 0,
    pose: readArenaPose(world, row),
    wounds: ARENA_HEALTH_MAX - (columns.health[row] ?? 0),
    score: columns.score[row] ?? 0,
    name: named ? (columns.name[row] ?? "") : "",
  });
}

/** The closed form from what was told leads to what is. */
function goesOn(world: ArenaWorld, { tick, record }: Told, now: ArenaEntity): boolean {
  if (record.pose !== now.pose || record.wounds !== now.wounds || record.score !== now.score) {
    return false;
  }
  const { dx, dy } = unpackArenaPose(record.pose);
  const travel = arenaTravel(tick, world.tick, world.parameters.tickRate);
  const { xMax, yMax } = world.measures;
  return (
    advanceArena(record.x, dx * travel, xMax) === now.x &&
    advanceArena(record.y, dy * travel, yMax) === now.y
  );
}
