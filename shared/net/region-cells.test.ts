import { expect, test } from "bun:test";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { RegionCellsSchema } from "#proto/region_pb.ts";
import { createRandom } from "#shared/sim/kernel/random.ts";
import { CellChanges } from "#shared/time/cell-changes.ts";
import { RegionNames } from "#shared/time/region-names.ts";
import { packCells, RegionMessageError, unpackCells } from "./region-cells.ts";

const NAMES = ["eu-west-1", "us-east-1", "ap-south-1"];

function randomChanges(seed: number, regionsMax: number): CellChanges {
  const { below, uint32 } = createRandom(seed);
  const changes = new CellChanges();
  for (let left = 1 + below(200); left > 0; left -= 1) {
    changes.add({
      x: uint32() | 0,
      y: below(64) - 32,
      layer: below(3),
      stamp: { hi: uint32(), lo: uint32() },
      region: below(regionsMax),
      value: uint32(),
      gone: below(4) === 0,
    });
  }
  return changes;
}

test("what is packed comes out again, whatever numbers the reader has for regions", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const changes = randomChanges(seed, 1 + (seed % 3));
    const regions = new RegionNames(NAMES);
    const bytes = toBinary(RegionCellsSchema, packCells(changes, regions));
    const others = new RegionNames(["zz", ...NAMES.toReversed()]);
    const read = new CellChanges();
    unpackCells(fromBinary(RegionCellsSchema, bytes), others, read);
    expect(read.length).toBe(changes.length);
    for (let row = 0; row < read.length; row += 1) {
      const { region, ...rest } = read.at(row);
      const { region: sent, ...expected } = changes.at(row);
      expect({ ...rest, name: others.nameOf(region) }).toEqual({
        ...expected,
        name: regions.nameOf(sent),
      });
    }
  }
});

test("a part of a list is packed by itself", () => {
  const changes = randomChanges(3, 2);
  const regions = new RegionNames(NAMES);
  const read = new CellChanges();
  unpackCells(packCells(changes, regions, { from: 2, end: 5 }), regions, read);
  expect([0, 1, 2].map((row) => read.at(row))).toEqual([2, 3, 4].map((row) => changes.at(row)));
  expect(packCells(changes, regions, { from: 5, end: 5 }).x).toEqual([]);
});

test.each([
  ["columns of different lengths", { y: [] }],
  ["no region is named", { regions: [] }],
  ["a region unnamed", { region: [7] }],
  ["a layer beyond 255", { layer: [512] }],
  ["is no region's name", { regions: ["Not a name"] }],
])("cells with %s are refused", (reason, wrong) => {
  const regions = new RegionNames(NAMES);
  const stamp = { hi: 1, lo: 2 };
  const one = CellChanges.of([{ x: 1, y: 2, layer: 0, stamp, region: 0, value: 3 }]);
  const cells = { ...packCells(one, regions), ...wrong };
  expect(() => unpackCells(cells, regions, new CellChanges())).toThrow(RegionMessageError);
  expect(() => unpackCells(cells, regions, new CellChanges())).toThrow(reason);
});
