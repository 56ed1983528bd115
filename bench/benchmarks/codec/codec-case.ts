import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type ServerFrame, ServerFrameSchema, type TickSchema } from "#proto/frame_pb.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readTickFrame } from "#shared/net/tick-reader.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import type { CodecEntities } from "./codec-entities.ts";

/** One message, written and read in both ways; each returns a number that depends on its work. */
export interface CodecCase {
  readonly bytes: Uint8Array;
  encode(): number;
  decode(): number;
  encodeReference(): number;
  decodeReference(): number;
}

/** A kind of tick frame, as protobuf-es and as the straight-line writer are told of it. */
export interface CodecForm {
  message(entities: CodecEntities): MessageInitShape<typeof TickSchema>;
  write(writer: WireWriter, entities: CodecEntities): void;
}

const SERVER_FRAME_TICK = 2;
const TICK_TICK = 1;
const TICK = 123_456;

/** Prepares a case; throws unless both ways give the same bytes and read the same from them. */
export function createCodecCase(form: CodecForm, entities: CodecEntities): CodecCase {
  const message = create(ServerFrameSchema, {
    frame: { case: "tick", value: { tick: TICK, ...form.message(entities) } },
  });
  const bytes = toBinary(ServerFrameSchema, message);
  const writer = new WireWriter(64 * 1_024);
  const frame = new TickFrame();
  const made: CodecCase = {
    bytes,
    encode() {
      writer.reset();
      const start = writer.begin(SERVER_FRAME_TICK);
      writer.uint32(TICK_TICK, TICK);
      form.write(writer, entities);
      writer.end(start);
      return writer.length;
    },
    decode: () => (readTickFrame(bytes, frame) ? frame.tick + frame.records.count : 0),
    encodeReference: () => toBinary(ServerFrameSchema, message).length,
    decodeReference: () => tickOf(fromBinary(ServerFrameSchema, bytes)),
  };
  made.encode();
  if (!Buffer.from(bytes).equals(writer.view())) {
    throw new Error("cannot time codec: the bytes are not those of protobuf-es");
  }
  made.decode();
  assertRead(frame, message);
  return made;
}

function tickOf({ frame }: ServerFrame): number {
  return frame.case === "tick" ? frame.value.tick + frame.value.cells.length : 0;
}

/** What was read is what is in the message, number by number. */
function assertRead(read: TickFrame, { frame }: ServerFrame): void {
  if (frame.case !== "tick") throw new Error("cannot time codec: the message is no tick");
  const meant = frame.value.cells.flatMap(({ arenaEntities }) => {
    return arenaEntities.map(({ id, x, y, pose, wounds, score, name }) => {
      return [id, x, y, pose, wounds, score, name];
    });
  });
  const { records, moves } = read;
  const found = Array.from({ length: records.count }, (_, row) => [
    records.id[row],
    records.x[row],
    records.y[row],
    records.pose[row],
    records.wounds[row],
    records.score[row],
    read.nameOf(row),
  ]);
  const foundMoves = Array.from({ length: moves.count }, (_, row) => [
    moves.id[row],
    zigzag(moves.dx[row] ?? 0),
    zigzag(moves.dy[row] ?? 0),
    moves.pose[row],
  ]);
  const sameRecords = Bun.deepEquals(found, meant);
  if (!sameRecords || !Bun.deepEquals(foundMoves.flat(), frame.value.arenaMoves)) {
    throw new Error("cannot time codec: what is read is not what protobuf-es reads");
  }
}

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}
