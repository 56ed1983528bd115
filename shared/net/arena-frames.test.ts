import { expect, test } from "bun:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { type Cell, CellSchema, ServerFrameSchema, TickSchema } from "#proto/frame_pb.ts";
import {
  writeArenaDeath,
  writeArenaEntity,
  writeArenaHit,
  writeArenaSelf,
} from "./arena-frames.ts";
import { CellBytes } from "./cell-bytes.ts";
import { WireWriter } from "./wire-writer.ts";

const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }));
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
});

test("a cell's bytes are those of protobuf-es, whatever is in it", () => {
  const cell = fc.record({
    cell: fc.nat(1_000),
    keyframe: fc.boolean(),
    gone: fc.array(uint32, { maxLength: 60 }),
    arenaEntities: fc.array(entity, { maxLength: 40 }),
    hits: fc.array(hit, { maxLength: 5 }),
    deaths: fc.array(death, { maxLength: 5 }),
  });
  fc.assert(
    fc.property(cell, ({ hits, deaths, ...content }) => {
      const bytes = new CellBytes(1_001);
      bytes.begin(content.cell, content.keyframe);
      bytes.gone(content.gone, content.gone.length);
      for (const one of content.arenaEntities) writeArenaEntity(bytes.writer, one);
      for (const one of hits) writeArenaHit(bytes.writer, one);
      for (const one of deaths) writeArenaDeath(bytes.writer, one);
      bytes.end();
      const arenaEvents: MessageInitShape<typeof CellSchema>["arenaEvents"] = [
        ...hits.map((value) => ({ event: { case: "hit" as const, value } })),
        ...deaths.map((value) => ({ event: { case: "death" as const, value } })),
      ];
      const meant = create(CellSchema, { ...content, arenaEvents });
      const written = content.keyframe ? bytes.keyframe(content.cell) : bytes.delta(content.cell);
      const { gone, arenaEntities } = content;
      const isSilent = gone.length + arenaEntities.length + arenaEvents.length === 0;
      const cells = isSilent && !content.keyframe ? [] : [meant];
      expect(written).toEqual(toBinary(TickSchema, create(TickSchema, { cells })));
      expect(decodeOne(written)).toEqual(cells[0]);
    }),
  );
});

test("a delta without content costs nothing, a keyframe of an empty cell is told", () => {
  const bytes = new CellBytes(4);
  bytes.begin(1, false);
  bytes.end();
  expect(bytes.delta(1)).toHaveLength(0);
  bytes.begin(1, true);
  bytes.end();
  expect(decodeOne(bytes.keyframe(1))).toMatchObject({ cell: 1, keyframe: true });
  expect(bytes.writer.length).toBe(bytes.keyframe(1).length);
});

function decodeOne(tickBytes: Uint8Array): Cell | undefined {
  return fromBinary(TickSchema, tickBytes).cells[0];
}

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
