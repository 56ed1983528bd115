// What clients of the ancestor are sent, little-endian; docs/LEGACY.md has the table.
import { ARENA_UNIT } from "#shared/sim/index.ts";

/** First byte of each message to a client. */
const TO_LEGACY = {
  gameState: 7,
  movementAck: 8,
  playerJoined: 11,
  playerLeft: 12,
  deltaGameState: 14,
  attack: 253,
  direction: 254,
  movement: 255,
} as const;

/** A player as the record of 11 bytes tells it. */
export interface LegacyRecord {
  id: number;
  /** Tenths of a unit; sent as whole units. */
  x: number;
  y: number;
  dx: number;
  dy: number;
  facingRight: boolean;
  /** 0 idle, 1 moving, 2 attacking. */
  state: number;
}

const RECORD_BYTES = 11;
const BYTES_AT_START = 1_024;

/**
 * Writes messages one after the other into one buffer that it uses again and again. Each is handed
 * out by itself, since one WebSocket message holds one of them.
 */
export class LegacyWriter {
  #bytes = new Uint8Array(BYTES_AT_START);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Where each message ends. */
  readonly #ends: number[] = [];
  /** Where the count of the list that is being written stands. */
  #countAt = 0;
  #count = 0;

  /** Forgets all messages. */
  reset(): void {
    this.#length = 0;
    this.#ends.length = 0;
  }

  get count(): number {
    return this.#ends.length;
  }

  /** A message as written; void after the next reset or write. */
  message(index: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(this.#ends[index - 1] ?? 0, this.#ends[index]);
  }

  /** Begins a list; `sequence` is undefined in the form that has none. */
  beginList(kind: "gameState" | "deltaGameState", sequence: number | undefined): void {
    this.#begin(TO_LEGACY[kind], 9);
    if (sequence !== undefined) this.#uint32(sequence);
    this.#countAt = this.#length;
    this.#count = 0;
    this.#uint32(0);
  }

  /** A record of the list that is being written. */
  addRecord(record: LegacyRecord): void {
    this.#need(RECORD_BYTES);
    this.#record(record);
    this.#count += 1;
  }

  endList(): void {
    this.#view.setUint32(this.#countAt, this.#count, true);
    this.#end();
  }

  playerJoined(record: LegacyRecord): void {
    this.#begin(TO_LEGACY.playerJoined, 1 + RECORD_BYTES);
    this.#record(record);
    this.#end();
  }

  playerLeft(id: number): void {
    this.#begin(TO_LEGACY.playerLeft, 5);
    this.#uint32(id);
    this.#end();
  }

  movementAck(place: { id: number; x: number; y: number }, sequence: number): void {
    this.#begin(TO_LEGACY.movementAck, 13);
    this.#uint32(place.id);
    this.#units(place.x);
    this.#units(place.y);
    this.#uint32(sequence);
    this.#end();
  }

  movement({ id, dx, dy }: LegacyRecord): void {
    this.#begin(TO_LEGACY.movement, 7);
    this.#uint32(id);
    this.#int8(dx);
    this.#int8(dy);
    this.#end();
  }

  direction({ id, facingRight }: LegacyRecord): void {
    this.#begin(TO_LEGACY.direction, 6);
    this.#uint32(id);
    this.#uint8(facingRight ? 1 : 0);
    this.#end();
  }

  attack({ id, x, y }: LegacyRecord): void {
    this.#begin(TO_LEGACY.attack, 9);
    this.#uint32(id);
    this.#units(x);
    this.#units(y);
    this.#end();
  }

  #begin(id: number, byteLength: number): void {
    this.#need(byteLength);
    this.#uint8(id);
  }

  #end(): void {
    this.#ends.push(this.#length);
  }

  #record({ id, x, y, dx, dy, facingRight, state }: LegacyRecord): void {
    this.#uint32(id);
    this.#units(x);
    this.#units(y);
    this.#int8(dx);
    this.#int8(dy);
    this.#uint8((facingRight ? 0x80 : 0) | state);
  }

  #units(tenths: number): void {
    this.#view.setUint16(this.#length, Math.floor(tenths / ARENA_UNIT), true);
    this.#length += 2;
  }

  #uint32(value: number): void {
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  #int8(value: number): void {
    this.#view.setInt8(this.#length++, value);
  }

  #uint8(value: number): void {
    this.#view.setUint8(this.#length++, value);
  }

  #need(byteLength: number): void {
    if (this.#length + byteLength <= this.#bytes.length) return;
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
