import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type ArenaEntity, ArenaEntitySchema, type ArenaEventSchema } from "#proto/arena_pb.ts";
import type { CellSchema, ServerFrameSchema, TickSchema } from "#proto/frame_pb.ts";
import { hashArenaEntity } from "#shared/net/arena-state-hash.ts";
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
/** What a tick frame says of cells. */
export type TickInit = Pick<MessageInitShape<typeof TickSchema>, "cells" | "arenaMoves" | "reset">;
type CellInit = MessageInitShape<typeof CellSchema> & {
  gone: number[];
  arenaEntities: ArenaEntity[];
  arenaEvents: MessageInitShape<typeof ArenaEventSchema>[];
};

/** What one client has been told, and what it must be told now: the whole arena in cells. */
export class CellTeller {
  /** As of the frame before. */
  #told = new Map<number, ArenaEntity>();
  #toldTick = 0;
  #events: { entity: number; event: MessageInitShape<typeof ArenaEventSchema> }[] = [];
  #frames = 0;

  /** Notes what happened in the tick that has just been stepped. */
  watch(world: ArenaWorld): void {
    for (const hit of world.effects.hits) {
      this.#events.push({ entity: hit.target, event: { event: { case: "hit", value: hit } } });
    }
    for (const death of world.effects.deaths) {
      const event = { case: "death" as const, value: death };
      this.#events.push({ entity: death.entity, event: { event } });
    }
  }

  /** The next frame; each but the first lets one cell prove that all is known. */
  tell(world: ArenaWorld): TickInit {
    const now = recordsOf(world);
    const first = this.#frames === 0;
    const tick = first ? keyframes(world, now) : this.#changes(world, now);
    this.#told = now;
    this.#toldTick = world.tick;
    this.#events = [];
    this.#frames += 1;
    return tick;
  }

  #changes(world: ArenaWorld, now: ReadonlyMap<number, ArenaEntity>): TickInit {
    const cells = new Map<number, CellInit>();
    const cellInit = (record: ArenaEntity): CellInit => {
      const cell = cellOf(record.x, record.y, world.parameters);
      const init = cells.get(cell) ?? { cell, gone: [], arenaEntities: [], arenaEvents: [] };
      cells.set(cell, init);
      return init;
    };
    const arenaMoves: number[] = [];
    for (const [id, record] of now) {
      const told = this.#told.get(id);
      if (told === undefined) {
        cellInit(record).arenaEntities.push(record);
        continue;
      }
      const foretold = this.#foretell(world, told);
      const dx = record.x - foretold.x;
      const dy = record.y - foretold.y;
      const same = record.pose === told.pose && dx === 0 && dy === 0;
      const hurt = record.wounds !== told.wounds || record.score !== told.score;
      if (hurt) cellInit(record).arenaEntities.push({ ...record, name: "" });
      else if (!same) arenaMoves.push(id, zigzag(dx), zigzag(dy), record.pose);
      const left = cellInit(told).cell !== cellInit(record).cell;
      if (left && (hurt || !same)) cellInit(told).gone.push(id);
    }
    for (const [id, told] of this.#told) if (!now.has(id)) cellInit(told).gone.push(id);
    for (const { entity, event } of this.#events) {
      const record = now.get(entity);
      if (record !== undefined) cellInit(record).arenaEvents.push(event);
    }
    const turn = this.#frames % cellCount(world);
    return { arenaMoves, cells: [...cells.values(), keyframe(world, turn, now)] };
  }

  #foretell(world: ArenaWorld, told: ArenaEntity): { x: number; y: number } {
    const { dx, dy } = unpackArenaPose(told.pose);
    const travel = arenaTravel(this.#toldTick, world.tick, world.parameters.tickRate);
    const { xMax, yMax } = world.measures;
    return {
      x: advanceArena(told.x, dx * travel, xMax),
      y: advanceArena(told.y, dy * travel, yMax),
    };
  }
}

function keyframes(world: ArenaWorld, now: ReadonlyMap<number, ArenaEntity>): TickInit {
  const numbers = Array.from({ length: cellCount(world) }, (_, cell) => cell);
  return { reset: true, cells: numbers.map((cell) => keyframe(world, cell, now)) };
}

function keyframe(world: ArenaWorld, cell: number, now: ReadonlyMap<number, ArenaEntity>) {
  const inside = ({ x, y }: ArenaEntity) => cellOf(x, y, world.parameters) === cell;
  const arenaEntities = [...now.values()].filter(inside);
  const hash = arenaEntities.reduce((sum, entity) => sum + hashArenaEntity(entity), 0);
  return { cell, keyframe: true, arenaEntities, stateHash: hash >>> 0 };
}

function cellCount({ measures }: ArenaWorld): number {
  return measures.grid.columns * measures.grid.rows;
}

function recordsOf(world: ArenaWorld): Map<number, ArenaEntity> {
  const { ids, columns, rowCount } = world.players;
  const records = new Map<number, ArenaEntity>();
  for (let row = 0; row < rowCount; row += 1) {
    const id = ids[row] ?? 0;
    if (id === 0) continue;
    const record = create(ArenaEntitySchema, {
      id,
      x: columns.x[row] ?? 0,
      y: columns.y[row] ?? 0,
      pose: readArenaPose(world, row),
      wounds: ARENA_HEALTH_MAX - (columns.health[row] ?? 0),
      score: columns.score[row] ?? 0,
      name: columns.name[row] ?? "",
    });
    records.set(id, record);
  }
  return records;
}

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}
