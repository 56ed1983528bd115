import { expect, test } from "bun:test";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { CellSchema, ServerFrameSchema, TickSchema } from "#proto/frame_pb.ts";
import {
  writeArenaDeath,
  writeArenaEntity,
  writeArenaEntityRows,
  writeArenaHit,
  writeArenaSelf,
} from "./arena-frames.ts";
import { CellBytes } from "./cell-bytes.ts";
import { WireWriter } from "./wire-writer.ts";

const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }));
const int32 = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
);
const entity = fc.record({
  id: uint32,
  x: uint32,
  y: uint32,
  pose: uint32,
  wounds: uint32,
  score: uint32,
  name: fc.string({ unit: "binary", maxLength: 80 }),
});
const hit = fc.record({ attacker: uint32, target: uint32, damage: uint32 });
const death = fc.record({ entity: uint32, killer: uint32 });
const self = fc.record({
  x: uint32,
  y: uint32,
  controls: fc.record({
    dx: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
    dy: fc.integer({ min: -1, max: 1 }),
  }),
  facingRight: fc.boolean(),
  state: fc.integer({ min: 0, max: 4 }),
  health: uint32,
  attackEndTick: uint32,
  attackReadyTick: uint32,
  respawnTick: uint32,
  kills: uint32,
  deaths: uint32,
  score: uint32,
  credits: uint32,
});

const content = {
  cell: fc.nat(1_000),
  arenaEntities: fc.array(entity, { maxLength: 40 }),
};

test("a delta's bytes are those of protobuf-es, whatever is in it", () => {
  const cell = fc.record({
    ...content,
    moves: fc.array(fc.tuple(uint32, int32), { maxLength: 60 }),
    gone: fc.array(uint32, { maxLength: 60 }),
    hits: fc.array(hit, { maxLength: 5 }),
    deaths: fc.array(death, { maxLength: 5 }),
  });
  fc.assert(
    fc.property(cell, ({ moves, gone, hits, deaths, ...rest }) => {
      const bytes = new CellBytes(1_001);
      bytes.beginWindow(1);
      bytes.open(rest.cell);
      for (const [plain, signed] of moves) {
        bytes.writer.packed(plain);
        bytes.writer.packedSigned(signed);
      }
      bytes.endMoves();
      const movesEnd = bytes.writer.length;
      bytes.beginDelta();
      if (gone.length > 0) {
        const start = bytes.beginGone();
        for (const id of gone) bytes.writer.packed(id);
        bytes.writer.end(start);
      }
      for (const one of rest.arenaEntities) writeArenaEntity(bytes.writer, one);
      for (const one of hits) writeArenaHit(bytes.writer, one);
      for (const one of deaths) writeArenaDeath(bytes.writer, one);
      bytes.endDelta();
      const arenaEvents: MessageInitShape<typeof CellSchema>["arenaEvents"] = [
        ...hits.map((value) => ({ event: { case: "hit" as const, value } })),
        ...deaths.map((value) => ({ event: { case: "death" as const, value } })),
      ];
      const meant = create(CellSchema, { ...rest, gone, arenaEvents });
      const written = bytes.writer.view(movesEnd);
      expect(written).toEqual(toBinary(TickSchema, create(TickSchema, { cells: [meant] })));
      const arenaMoves = moves.flatMap(([plain, signed]) => [plain, zigzag(signed)]);
      const raw = toBinary(TickSchema, create(TickSchema, { arenaMoves }));
      expect(Buffer.from(raw).toString("hex")).toEndWith(
        Buffer.from(bytes.writer.view(0, movesEnd)).toString("hex"),
      );
    }),
  );
});

test("a keyframe's bytes are those of protobuf-es, also of an empty cell", () => {
  fc.assert(
    fc.property(fc.record(content), uint32, ({ cell, arenaEntities }, stateHash) => {
      const bytes = new CellBytes(1_001);
      bytes.beginKeyframes();
      bytes.beginKeyframe(cell);
      for (const one of arenaEntities) writeArenaEntity(bytes.writer, one);
      bytes.endKeyframe(stateHash);
      const meant = create(CellSchema, { cell, keyframe: true, arenaEntities, stateHash });
      const cells = [meant];
      expect(bytes.writer.view()).toEqual(toBinary(TickSchema, create(TickSchema, { cells })));
    }),
  );
});

function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

test("records of rows are those of single entities without names", () => {
  fc.assert(
    fc.property(fc.array(entity, { maxLength: 40 }), (entities) => {
      const rows = new WireWriter(8);
      const columns = {
        ids: Uint32Array.from(entities, ({ id }) => id),
        xs: Uint32Array.from(entities, ({ x }) => x),
        ys: Uint32Array.from(entities, ({ y }) => y),
        poses: Uint8Array.from(entities, ({ pose }) => pose & 0xff),
        wounds: Uint8Array.from(entities, ({ wounds }) => wounds & 0xff),
        scores: Uint32Array.from(entities, ({ score }) => score),
      };
      const order = Uint32Array.from(entities, (_, row) => row);
      writeArenaEntityRows(rows, columns, order, entities.length);
      const singles = new WireWriter(8);
      for (const [row, one] of entities.entries()) {
        const [pose, wounds] = [columns.poses[row] ?? 0, columns.wounds[row] ?? 0];
        writeArenaEntity(singles, { ...one, pose, wounds, name: "" });
      }
      expect(rows.view()).toEqual(singles.view());
    }),
  );
});

test("an ack's bytes are those of protobuf-es", () => {
  fc.assert(
    fc.property(uint32, self, (sequence, value) => {
      const writer = new WireWriter(8);
      const frame = writer.begin(2);
      const ack = writer.begin(2);
      writer.uint32(1, sequence);
      writeArenaSelf(writer, value);
      writer.end(ack);
      writer.end(frame);
      const tick = { ack: { sequence, self: { case: "arena" as const, value } } };
      const meant = create(ServerFrameSchema, { frame: { case: "tick", value: tick } });
      expect(writer.view()).toEqual(toBinary(ServerFrameSchema, meant));
    }),
  );
});
