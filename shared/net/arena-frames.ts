import type { WireWriter } from "./wire-writer.ts";

/** The fields of an ArenaEntity, as numbers; one object is filled again and again. */
export interface ArenaEntityRecord {
  id: number;
  x: number;
  y: number;
  pose: number;
  wounds: number;
  score: number;
  /** Empty when the watchers know it already. */
  name: string;
}

/** The fields of an ArenaSelf. */
export interface ArenaSelfRecord {
  x: number;
  y: number;
  controls: { dx: number; dy: number };
  facingRight: boolean;
  state: number;
  health: number;
  attackEndTick: number;
  attackReadyTick: number;
  respawnTick: number;
  kills: number;
  deaths: number;
  score: number;
}

/** Field numbers of Cell that carry this world's content. */
const CELL_ENTITIES = 4;
const CELL_EVENTS = 5;
/** Field number of Ack.self.arena. */
const ACK_ARENA = 2;

/** Appends one of Cell.arena_entities. */
export function writeArenaEntity(writer: WireWriter, record: ArenaEntityRecord): void {
  const start = writer.begin(CELL_ENTITIES);
  writer.uint32(1, record.id);
  writer.uint32(2, record.x);
  writer.uint32(3, record.y);
  writer.uint32(4, record.pose);
  writer.uint32(5, record.wounds);
  writer.uint32(6, record.score);
  writer.string(7, record.name);
  writer.end(start);
}

/** Appends one of Cell.arena_events: a hit. */
export function writeArenaHit(
  writer: WireWriter,
  hit: { attacker: number; target: number; damage: number },
): void {
  const event = writer.begin(CELL_EVENTS);
  const start = writer.begin(1);
  writer.uint32(1, hit.attacker);
  writer.uint32(2, hit.target);
  writer.uint32(3, hit.damage);
  writer.end(start);
  writer.end(event);
}

/** Appends one of Cell.arena_events: a death. */
export function writeArenaDeath(
  writer: WireWriter,
  death: { entity: number; killer: number },
): void {
  const event = writer.begin(CELL_EVENTS);
  const start = writer.begin(2);
  writer.uint32(1, death.entity);
  writer.uint32(2, death.killer);
  writer.end(start);
  writer.end(event);
}

/** Appends Ack.self.arena. */
export function writeArenaSelf(writer: WireWriter, self: ArenaSelfRecord): void {
  const start = writer.begin(ACK_ARENA);
  writer.uint32(1, self.x);
  writer.uint32(2, self.y);
  const controls = writer.begin(3);
  writer.sint32(1, self.controls.dx);
  writer.sint32(2, self.controls.dy);
  writer.end(controls);
  writer.bool(4, self.facingRight);
  writer.uint32(5, self.state);
  writer.uint32(6, self.health);
  writer.uint32(7, self.attackEndTick);
  writer.uint32(8, self.attackReadyTick);
  writer.uint32(9, self.respawnTick);
  writer.uint32(10, self.kills);
  writer.uint32(11, self.deaths);
  writer.uint32(12, self.score);
  writer.end(start);
}
