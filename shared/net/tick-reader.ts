import { ARENA_EVENT, type NumberRows, type RecordRows, type TickFrame } from "./tick-frame.ts";
import { unzigzag, WireError, WireReader } from "./wire-reader.ts";

// Tags are written as they stand on the wire, field number << 3 | wire type, where 0 is a varint,
// 2 has a length and 5 is four bytes: 0x1a is field 3 with a length. Literals make jump tables.

const reader = new WireReader();

/**
 * Reads a `ServerFrame` that holds a tick into `frame`, as protobuf-es reads it; false when it
 * holds something else, which is for protobuf-es. Fields that are not known are passed over.
 * Damage, and messages in several pieces, which no shard writes, throw a `WireError`.
 */
export function readTickFrame(bytes: Uint8Array, frame: TickFrame): boolean {
  reader.reset(bytes);
  if (!reader.more || reader.tag() !== 0x12) return false;
  frame.begin(bytes);
  const outer = reader.enter();
  while (reader.more) readTickField(frame, reader.tag());
  reader.leave(outer);
  if (reader.more) throw new WireError("cannot read frame: there is more than a tick in it");
  return true;
}

/** Reads an Ack field that came without a frame around it, tag included. */
export function readAckField(bytes: Uint8Array, frame: TickFrame): void {
  reader.reset(bytes);
  frame.begin(bytes);
  while (reader.more) readTickField(frame, reader.tag());
}

function readTickField(frame: TickFrame, tag: number): void {
  switch (tag) {
    case 0x08:
      frame.tick = reader.uint32();
      break;
    case 0x12:
      once(frame.hasAck, "ack");
      readAck(frame);
      break;
    case 0x1a:
      readCell(frame);
      break;
    case 0x22:
      readPacked(frame.goneCells);
      break;
    case 0x28:
      frame.reset = reader.bool();
      break;
    case 0x32:
      readMoves(frame);
      break;
    default:
      pass(tag, 6);
  }
}

function readAck(frame: TickFrame): void {
  frame.hasAck = true;
  const outer = reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 0x08) frame.sequence = reader.uint32();
    else if (tag === 0x12) {
      once(frame.hasSelf, "self");
      readSelf(frame);
    } else pass(tag, 3);
  }
  reader.leave(outer);
}

function readSelf(frame: TickFrame): void {
  const { self } = frame;
  frame.hasSelf = true;
  self.x = 0;
  self.y = 0;
  self.controls.dx = 0;
  self.controls.dy = 0;
  self.facingRight = false;
  self.state = 0;
  self.health = 0;
  self.attackEndTick = 0;
  self.attackReadyTick = 0;
  self.respawnTick = 0;
  self.kills = 0;
  self.deaths = 0;
  self.score = 0;
  self.credits = 0;
  let controlled = false;
  const outer = reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 0x1a) {
      once(controlled, "controls");
      controlled = true;
      readControls(self.controls);
    } else readSelfField(self, tag);
  }
  reader.leave(outer);
}

function readControls(controls: { dx: number; dy: number }): void {
  const outer = reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 0x08) controls.dx = reader.sint32();
    else if (tag === 0x10) controls.dy = reader.sint32();
    else pass(tag, 2);
  }
  reader.leave(outer);
}

function readSelfField(self: TickFrame["self"], tag: number): void {
  switch (tag) {
    case 0x08:
      self.x = reader.uint32();
      break;
    case 0x10:
      self.y = reader.uint32();
      break;
    case 0x20:
      self.facingRight = reader.bool();
      break;
    case 0x28:
      self.state = reader.int32();
      break;
    case 0x30:
      self.health = reader.uint32();
      break;
    case 0x38:
      self.attackEndTick = reader.uint32();
      break;
    case 0x40:
      self.attackReadyTick = reader.uint32();
      break;
    case 0x48:
      self.respawnTick = reader.uint32();
      break;
    case 0x50:
      self.kills = reader.uint32();
      break;
    case 0x58:
      self.deaths = reader.uint32();
      break;
    case 0x60:
      self.score = reader.uint32();
      break;
    case 0x68:
      self.credits = reader.uint32();
      break;
    default:
      pass(tag, 13);
  }
}

function readCell(frame: TickFrame): void {
  const { cells } = frame;
  const cell = cells.add();
  const outer = reader.enter();
  while (reader.more) {
    readPlainEntities(frame.records);
    if (!reader.more) break;
    const tag = reader.tag();
    switch (tag) {
      case 0x08:
        cells.number[cell] = reader.uint32();
        break;
      case 0x10:
        cells.keyframe[cell] = reader.bool() ? 1 : 0;
        break;
      case 0x1a:
        readPacked(frame.gone);
        break;
      case 0x22:
        readEntity(frame);
        break;
      case 0x2a:
        readEvent(frame);
        break;
      case 0x35:
        cells.stateHash[cell] = reader.fixed32();
        break;
      default:
        pass(tag, 11);
    }
  }
  cells.recordEnd[cell] = frame.records.count;
  reader.leave(outer);
}

function readEntity({ records }: TickFrame): void {
  const row = records.add();
  const outer = reader.enter();
  while (reader.more) readEntityField(records, row);
  reader.leave(outer);
}

/**
 * Reads entities for as long as they are what every shard writes; one that is not, or is damaged,
 * is left to the general way. Frames are full of entities, and a cursor in local variables takes
 * half the time of one in an object.
 */
function readPlainEntities(records: RecordRows): void {
  const { bytes, end } = reader;
  let position = reader.position;
  while (position + 1 < end && bytes[position] === 0x22) {
    const length = bytes[position + 1] ?? 0;
    const next = position + 2 + length;
    if (length > 0x7f || next > end) break;
    reader.position = position;
    position = readPlainFields(records, position + 2, next);
    if (position !== next) {
      records.count -= 1;
      return;
    }
  }
  reader.position = position;
}

/** Reads an entity's fields into a new row; returns their end, or -1 when one is not plain. */
function readPlainFields(records: RecordRows, start: number, end: number): number {
  const { bytes } = reader;
  const row = records.add();
  let position = start;
  while (position < end) {
    const tag = bytes[position++] ?? 0;
    let byte = bytes[position++] ?? 0;
    let value = byte & 0x7f;
    if (byte > 0x7f) {
      byte = bytes[position++] ?? 0;
      value |= (byte & 0x7f) << 7;
      if (byte > 0x7f) {
        byte = bytes[position++] ?? 0;
        value |= (byte & 0x7f) << 14;
        if (byte > 0x7f) {
          byte = bytes[position++] ?? 0;
          value |= (byte & 0x7f) << 21;
          if (byte > 0x7f) {
            byte = bytes[position++] ?? 0;
            value |= (byte & 0x0f) << 28;
            if (byte > 0x7f) return -1;
          }
        }
      }
    }
    if (tag === 0x08) records.id[row] = value;
    else if (tag === 0x10) records.x[row] = value;
    else if (tag === 0x18) records.y[row] = value;
    else if (tag === 0x20) records.pose[row] = value;
    else if (tag === 0x28) records.wounds[row] = value;
    else if (tag === 0x30) records.score[row] = value;
    else if (tag === 0x3a) {
      records.nameStart[row] = position;
      position += value >>> 0;
      records.nameEnd[row] = position;
    } else return -1;
  }
  return position;
}

function readEntityField(records: RecordRows, row: number): void {
  const tag = reader.tag();
  switch (tag) {
    case 0x08:
      records.id[row] = reader.uint32();
      break;
    case 0x10:
      records.x[row] = reader.uint32();
      break;
    case 0x18:
      records.y[row] = reader.uint32();
      break;
    case 0x20:
      records.pose[row] = reader.uint32();
      break;
    case 0x28:
      records.wounds[row] = reader.uint32();
      break;
    case 0x30:
      records.score[row] = reader.uint32();
      break;
    case 0x3a:
      records.nameStart[row] = reader.passBytes();
      records.nameEnd[row] = reader.position;
      break;
    default:
      pass(tag, 7);
  }
}

/** Events of kinds that are not known here are left out. */
function readEvent(frame: TickFrame): void {
  const before = frame.events.count;
  const outer = reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag !== 0x0a && tag !== 0x12) pass(tag, 2);
    else {
      once(frame.events.count > before, "event");
      readEventKind(frame, tag === 0x0a);
    }
  }
  reader.leave(outer);
}

/** ArenaHit is attacker, target, damage; ArenaDeath is entity, killer. */
function readEventKind({ events }: TickFrame, isHit: boolean): void {
  const row = events.add(isHit ? ARENA_EVENT.hit : ARENA_EVENT.death);
  const outer = reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag === (isHit ? 0x08 : 0x10)) events.attacker[row] = reader.uint32();
    else if (tag === (isHit ? 0x10 : 0x08)) events.target[row] = reader.uint32();
    else if (isHit && tag === 0x18) events.damage[row] = reader.uint32();
    else pass(tag, isHit ? 3 : 2);
  }
  reader.leave(outer);
}

function readPacked(rows: NumberRows): void {
  const outer = reader.enter();
  while (reader.more) rows.add(reader.uint32());
  reader.leave(outer);
}

function readMoves({ moves }: TickFrame): void {
  const outer = reader.enter();
  while (reader.more) {
    const row = moves.add();
    moves.id[row] = reader.uint32();
    moves.dx[row] = unzigzag(reader.uint32());
    moves.dy[row] = unzigzag(reader.uint32());
    moves.pose[row] = reader.uint32();
  }
  reader.leave(outer);
}

/**
 * Passes over a field that is not known. One that is, up to `known`, came in another form or is
 * another world's, which has no place in a frame of the arena.
 */
function pass(tag: number, known: number): void {
  if (tag >>> 3 <= known) {
    throw new WireError(`cannot read frame: field ${tag >>> 3} has wire type ${tag & 7}`);
  }
  reader.skip(tag);
}

function once(before: boolean, field: string): void {
  if (before) throw new WireError(`cannot read frame: ${field} comes twice`);
}
