import { describe, expect, test } from "bun:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { BlocksChunkSchema } from "#proto/blocks_pb.ts";
import { TickSchema } from "#proto/frame_pb.ts";
import { createRandom } from "#shared/sim/index.ts";
import {
  type ChunkContent,
  createChunkContent,
  readBlocksChunk,
  writeBlocksChunk,
} from "./blocks-chunk-codec.ts";
import { GAIT, packTurn } from "./blocks-turns.ts";
import { BlocksView } from "./blocks-view.ts";
import { WireError } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

const CELL = 9;
const STONE = (1 << 8) | 10;

function encode(chunk: ChunkContent) {
  const writer = new WireWriter();
  writeBlocksChunk(writer, chunk);
  return fromBinary(BlocksChunkSchema, writer.view());
}

/** A view that watches a chunk of stone with one entity in it. */
function setUp() {
  const view = new BlocksView({ columns: 128, tickRate: 20 });
  const chunk = createChunkContent();
  chunk.ids.fill(1);
  chunk.levels.fill(10);
  const blocksEntities = [{ id: 5, kind: 1, x: 100, y: 200, vx: 64, age: 2, name: "Ann" }];
  const cells = [{ cell: CELL, keyframe: true, blocksChunk: encode(chunk), blocksEntities }];
  apply(view, { tick: 10, reset: true, cells });
  return { view, chunk };
}

function apply(view: BlocksView, frame: MessageInitShape<typeof TickSchema>): void {
  view.apply(create(TickSchema, frame));
}

describe("a chunk on the wire", () => {
  test("comes back as it was, whatever is in it", () => {
    const random = createRandom(4);
    for (let round = 0; round < 100; round++) {
      const chunk = createChunkContent();
      const kinds = 1 + random.below(40);
      for (let index = 0; index < 768; index++) {
        const isSame = index > 0 && random.below(4) > 0;
        chunk.ids[index] = isSame ? (chunk.ids[index - 1] ?? 0) : random.below(kinds) * 50;
        chunk.levels[index] = isSame ? (chunk.levels[index - 1] ?? 0) : random.below(12);
      }
      const back = createChunkContent();
      const message = encode(chunk);
      // The same bytes as the library writes.
      const writer = new WireWriter();
      writeBlocksChunk(writer, chunk);
      expect(toBinary(BlocksChunkSchema, message)).toEqual(writer.view().slice());
      readBlocksChunk(message, back);
      expect(back).toEqual(chunk);
    }
  });

  test.each([
    ["two layers", { layers: [{}, {}] }, "it has 2 layers, there are 3"],
    ["a layer that ends early", layersWith([254]), "layer 1 has 255 blocks, it needs 256"],
    ["a layer that goes on", layersWith([255, 0]), "a run of layer 1 is out of range"],
    ["a layer without kinds", layersWith([255], []), "a run of layer 1 is out of range"],
  ])("%s is refused", (_, init, text) => {
    const message = create(BlocksChunkSchema, init);
    expect(() => readBlocksChunk(message, createChunkContent())).toThrow(text);
  });
});

function layersWith(runs: number[], palette = [STONE]) {
  const whole = { palette: [STONE], runs: [255] };
  return { layers: [whole, { palette, runs }, whole] };
}

describe("frames", () => {
  test("changes, records and who is gone are taken in that order", () => {
    const { view } = setUp();
    expect(view.entities.get(5)).toMatchObject({ cell: CELL, name: "Ann", tick: 8 });
    const blocksEntities = [{ id: 5, kind: 1, x: 150, y: 200 }];
    const cells = [{ cell: CELL, blocksChanges: [3, (2 << 8) | 4], blocksEntities, gone: [5, 6] }];
    apply(view, { tick: 13, cells });
    expect(view.chunks.get(CELL)?.ids[3]).toBe(2);
    expect(view.chunks.get(CELL)?.levels[3]).toBe(4);
    // Without a name it keeps the one that it had, and what is told in the same frame is not gone.
    expect(view.entities.get(5)).toMatchObject({ x: 150, vx: 0, name: "Ann", tick: 13 });
    apply(view, { tick: 16, cells: [{ cell: CELL, gone: [5] }] });
    expect(view.entities.size).toBe(0);
  });

  test("a turn says where one is and where it goes, and is nothing to who does not know it", () => {
    const { view } = setUp();
    const turn = { x: 150, y: 250, facing: 1, gait: GAIT.walks, age: 1 };
    // From 0 to 5, and from there to 4.
    const blocksTurns = [10, packTurn(turn), 1, packTurn(turn)];
    apply(view, { tick: 13, cells: [{ cell: CELL, blocksTurns }] });
    const place = { x: (CELL * 16 + 1) * 100 + 50, y: 250, tick: 12 };
    const gone = { vx: 1130, vy: 1130, facing: 1, name: "Ann" };
    expect(view.entities.get(5)).toMatchObject({ ...place, ...gone });
    expect(view.entities.size).toBe(1);
  });

  test("one who turns into another chunk is there, and not gone", () => {
    const { view, chunk } = setUp();
    const beside = { cell: CELL + 1, keyframe: true, blocksChunk: encode(chunk) };
    apply(view, { tick: 11, cells: [beside] });
    const turn = { x: 3, y: 200, facing: 0, gait: GAIT.walks, age: 0 };
    const cells = [
      { cell: CELL, gone: [5] },
      { cell: CELL + 1, blocksTurns: [10, packTurn(turn)] },
    ];
    apply(view, { tick: 13, cells });
    expect(view.entities.get(5)).toMatchObject({ cell: CELL + 1, x: (CELL + 1) * 1600 + 3 });
  });

  test("a hash that is another one names the cell, and a keyframe mends it", () => {
    const { view, chunk } = setUp();
    const stateHash = view.hashOf(CELL);
    apply(view, { tick: 13, cells: [{ cell: CELL, stateHash }] });
    expect([view.checks, view.mismatches, view.wrongCells]).toEqual([1, 0, []]);
    const known = view.chunks.get(CELL);
    if (known !== undefined) known.levels[700] = 9;
    apply(view, { tick: 16, cells: [{ cell: CELL, stateHash }] });
    expect([view.checks, view.mismatches, view.wrongCells]).toEqual([2, 1, [CELL]]);
    const blocksEntities = [{ id: 5, kind: 1, x: 100, y: 200, vx: 64, age: 11, name: "Ann" }];
    const keyframe = { cell: CELL, keyframe: true, blocksChunk: encode(chunk), blocksEntities };
    apply(view, { tick: 19, cells: [{ ...keyframe, stateHash }] });
    expect(view.hashOf(CELL)).toBe(stateHash);
    apply(view, { tick: 22, cells: [{ cell: CELL, stateHash }] });
    expect(view.wrongCells).toEqual([]);
  });

  test("a chunk that is not watched any more takes its entities along, as a reset does", () => {
    const { view } = setUp();
    apply(view, { tick: 13, goneCells: [CELL] });
    expect([view.chunks.size, view.entities.size]).toEqual([0, 0]);
    const again = setUp().view;
    apply(again, { tick: 4 });
    expect([again.chunks.size, again.entities.size]).toEqual([0, 0]);
  });

  test("a change of what is not known is no frame of ours", () => {
    const { view } = setUp();
    const cells = [{ cell: 3, blocksChanges: [3, STONE] }];
    expect(() => apply(view, { tick: 13, cells })).toThrow(WireError);
    const beyond = [{ cell: CELL, blocksChanges: [768, STONE] }];
    expect(() => apply(view, { tick: 13, cells: beyond })).toThrow(WireError);
  });
});
