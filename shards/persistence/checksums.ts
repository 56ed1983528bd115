// CRC-32 over whole rows, so that a changed bit is found in whichever column it is.
//
// The journal's checksums are a chain: each covers the one before it. A record that is lost,
// doubled or has changed places is found like one that is damaged, and so is a snapshot of another
// history: it tells the checksum with which the record after it begins. The rows of all other
// tables are added up (`table_sums`), for the same reason.
import { crc32 } from "node:zlib";

/** A record of the journal, without its checksum. */
export interface RecordContent {
  readonly epoch: number;
  readonly tick: number;
  readonly stateHash: string | null;
  readonly inputs: Uint8Array;
}

/** A row of `snapshots`, without its checksum. */
export interface SnapshotContent {
  readonly tick: number;
  readonly epoch: number;
  readonly savedAtMs: number;
  readonly journalChecksum: number;
  readonly state: Uint8Array;
}

const HEAD_NUMBERS = 6;
const head = new Float64Array(HEAD_NUMBERS);
const headBytes = new Uint8Array(head.buffer);

/** Of the record that follows the one with the checksum `previous`; 0 before the first. */
export function checksumOfRecord(previous: number, record: RecordContent): number {
  const { epoch, tick, stateHash, inputs } = record;
  const sum = checksumOfHead(previous, epoch, tick, stateHash?.length ?? -1, inputs.length);
  return crc32(inputs, crc32(stateHash ?? "", sum));
}

export function checksumOfSnapshot(snapshot: SnapshotContent): number {
  const { tick, epoch, savedAtMs, journalChecksum, state } = snapshot;
  return crc32(state, checksumOfHead(tick, epoch, savedAtMs, journalChecksum, state.length));
}

export function checksumOfPlayer(row: {
  readonly playerId: string;
  readonly tick: number;
  readonly state: Uint8Array;
}): number {
  const { playerId, tick, state } = row;
  return crc32(state, crc32(playerId, checksumOfHead(playerId.length, tick, state.length)));
}

/** A hundred thousand of them are read at a start: one text costs half of what three parts do. */
export function checksumOfSession(row: {
  readonly playerId: string;
  readonly tokenHash: string | null;
  readonly tick: number;
}): number {
  const { playerId, tokenHash, tick } = row;
  return crc32(
    `${tick} ${playerId.length} ${playerId}${tokenHash === null ? "" : ` ${tokenHash}`}`,
  );
}

export function checksumOfTicket(row: {
  readonly id: string;
  readonly tick: number;
  readonly expiresMs: number;
}): number {
  const { id, tick, expiresMs } = row;
  return crc32(id, checksumOfHead(id.length, tick, expiresMs));
}

export function checksumOfFact(name: string, value: string): number {
  return crc32(value, crc32(name, checksumOfHead(name.length, value.length)));
}

/** Of the epoch that `progress` tells. */
export function checksumOfEpoch(epoch: number): number {
  return checksumOfHead(epoch);
}

export function checksumOfAnswer(row: {
  readonly playerId: string;
  readonly actionId: Uint8Array;
  readonly tick: number;
  readonly answer: Uint8Array;
}): number {
  const { playerId, actionId, tick, answer } = row;
  const sum = checksumOfHead(playerId.length, actionId.length, tick, answer.length);
  return crc32(answer, crc32(actionId, crc32(playerId, sum)));
}

export function checksumOfOutbox(row: {
  readonly id: string;
  readonly tick: number;
  readonly topic: string;
  readonly message: Uint8Array;
}): number {
  const { id, tick, topic, message } = row;
  const sum = checksumOfHead(id.length, tick, topic.length, message.length);
  return crc32(message, crc32(topic, crc32(id, sum)));
}

/** Numbers and lengths come first, so that bytes cannot wander from one column to the next. */
function checksumOfHead(...numbers: readonly number[]): number {
  head.fill(0);
  for (const [index, value] of numbers.entries()) head[index] = value;
  return crc32(headBytes);
}
