import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/kernel/random.ts";
import { type CellChange, CellChanges } from "./cell-changes.ts";
import { CellRegister, LEAVES, leafOf } from "./cell-register.ts";
import { makeStamp, type Stamp } from "./hybrid-clock.ts";
import { RegionNames } from "./region-names.ts";

const NAMES = ["us-east-1", "eu-west-1", "ap-south-1"];
const AT = { x: 100, y: 50, layer: 1 };

function registerOf(changes: readonly CellChange[], regions = new RegionNames(NAMES)) {
  const register = new CellRegister(regions);
  register.mergeAll(CellChanges.of(changes));
  return register;
}

function valueIn(register: CellRegister, { x, y, layer } = AT): number | undefined {
  return register.cells.value[register.find(x, y, layer)];
}

test("the later stamp wins, whichever comes first", () => {
  const early = { ...AT, stamp: makeStamp(1_000), region: 0, value: 1 };
  const late = { ...AT, stamp: makeStamp(1_000, 1), region: 1, value: 2 };
  expect(valueIn(registerOf([early, late]))).toBe(2);
  expect(valueIn(registerOf([late, early]))).toBe(2);
});

test("fault 2: of two writes with one stamp the greater region's wins, on both sides", () => {
  const us = { ...AT, stamp: makeStamp(1_000), region: 0, value: 1 };
  const eu = { ...AT, stamp: makeStamp(1_000), region: 1, value: 2 };
  expect(valueIn(registerOf([us, eu]))).toBe(1);
  expect(valueIn(registerOf([eu, us]))).toBe(1);
});

test("the name of the region decides and not its number, which differs between processes", () => {
  const stamp = makeStamp(5);
  const hashes = [NAMES, [...NAMES].reverse()].map((names) => {
    const regions = new RegionNames(names);
    const writes = NAMES.map((name, value) => {
      return { ...AT, stamp, region: regions.indexOf(name), value };
    });
    const register = registerOf(writes, regions);
    expect(valueIn(register)).toBe(0);
    return register.hash();
  });
  expect(new Set(hashes).size).toBe(1);
});

test("merging says who won", () => {
  const regions = new RegionNames(NAMES);
  const register = new CellRegister(regions);
  const change = CellChanges.of([{ ...AT, stamp: makeStamp(2), region: 0, value: 7 }]);
  expect(register.merge(change, 0)).toBe(true);
  expect(register.merge(change, 0)).toBe(false);
  const old = CellChanges.of([{ ...AT, stamp: makeStamp(1), region: 1, value: 8 }]);
  expect(register.merge(old, 0)).toBe(false);
  expect(register.size).toBe(1);
});

test("cells are found among very many, on all layers and below zero", () => {
  const register = new CellRegister(new RegionNames(NAMES));
  const changes = new CellChanges();
  for (let at = 0; at < 50_000; at += 1) {
    const stamp = makeStamp(at);
    changes.add({ x: (at % 300) - 150, y: -at, layer: at % 3, stamp, region: 0, value: at });
  }
  expect(register.mergeAll(changes)).toBe(50_000);
  for (let at = 0; at < 50_000; at += 97) {
    const place = { x: (at % 300) - 150, y: -at, layer: at % 3 };
    expect(valueIn(register, place)).toBe(at);
  }
  expect(register.find(151, 0, 0)).toBe(-1);
});

test("leaves hold each cell once, and a chunk lies in one leaf", () => {
  const register = new CellRegister(new RegionNames(NAMES));
  const changes = new CellChanges();
  for (let at = 0; at < 5_000; at += 1) {
    changes.add({ x: at, y: at * 3, layer: 0, stamp: makeStamp(at), region: 0, value: at });
  }
  register.mergeAll(changes);
  const all = new CellChanges();
  for (let leaf = 0; leaf < LEAVES; leaf += 1) register.collectLeaf(leaf, all);
  expect(new Set(all.value.subarray(0, all.length)).size).toBe(5_000);
  expect(all.length).toBe(5_000);
  expect(leafOf(16, 32)).toBe(leafOf(31, 47));
  expect(leafOf(-1, -1)).toBe(leafOf(-16, -16));
});

test("a tombstone wins by its stamp, counts for nothing in the hash, and can be forgotten", () => {
  const placed = { ...AT, stamp: makeStamp(10), region: 0, value: 3 };
  const other = { ...AT, x: 7, stamp: makeStamp(10), region: 0, value: 3 };
  const gone = { ...AT, stamp: makeStamp(20), region: 1, value: 0, gone: true };
  const register = registerOf([placed, other, gone]);
  expect(register.hash()).toBe(registerOf([other]).hash());
  expect(register.forgetGone(makeStamp(20))).toBe(0);
  expect(register.forgetGone(makeStamp(20, 1))).toBe(1);
  expect([register.size, register.goneCount]).toEqual([1, 0]);
  expect(register.find(AT.x, AT.y, AT.layer)).toBe(-1);
  expect(valueIn(register, other)).toBe(3);
  expect(register.hash()).toBe(registerOf([other]).hash());
});

test("stamps of a clock that was wrong are given anew", () => {
  const good = { ...AT, stamp: makeStamp(10), region: 0, value: 3 };
  const wrong = { ...AT, x: 7, stamp: makeStamp(3_600_000), region: 0, value: 4 };
  const register = registerOf([good, wrong]);
  expect(register.greatestStamp(makeStamp(1_000))).toEqual(makeStamp(10));
  const told = new CellChanges();
  register.stampAnew(makeStamp(1_000), { stamp: makeStamp(11), region: 1 }, told);
  expect(told.length).toBe(1);
  expect(told.at(0)).toEqual({ ...wrong, stamp: makeStamp(11), region: 1, gone: false });
  const expected = registerOf([good, told.at(0)]);
  expect(register.hash()).toBe(expected.hash());
});

test("10,000 sets of writes, in any order, any number of times: one outcome", () => {
  for (let seed = 1; seed <= 10_000; seed += 1) {
    const next = createRandom(seed).below;
    const writes = Array.from({ length: 1 + next(24) }, () => writeOf(next));
    const expected = modelOf(writes);
    const hashes = [0, 1, 2].map(() => {
      const order = shuffled([...writes, ...writes.filter(() => next(3) === 0)], next);
      const regions = new RegionNames(shuffled(NAMES, next));
      const register = registerOf(
        order.map((write) => ({ ...write, region: regions.indexOf(NAMES[write.region] ?? "") })),
        regions,
      );
      expectSame({ register, regions, expected, seed });
      return register.hash();
    });
    if (new Set(hashes).size !== 1) throw new Error(`seed ${seed}: ${hashes.join(" ")}`);
  }
});

/** Few places and stamps, so that writes meet. */
function writeOf(next: (below: number) => number): CellChange {
  return {
    x: next(3) * 20 - 20,
    y: next(2),
    layer: next(3),
    stamp: makeStamp(next(3) * 40_000, next(2)),
    region: next(3),
    value: next(4),
    gone: next(5) === 0,
  };
}

/** The rule as it is said: the greatest by (stamp, region, tombstone, value). */
function modelOf(writes: readonly CellChange[]): Map<string, CellChange> {
  const order = (write: CellChange): (bigint | string | number)[] => [
    (BigInt(write.stamp.hi) << 32n) | BigInt(write.stamp.lo),
    NAMES[write.region] ?? "",
    write.gone ? 1 : 0,
    write.gone ? 0 : write.value,
  ];
  const cells = new Map<string, CellChange>();
  for (const write of writes) {
    const key = `${write.x} ${write.y} ${write.layer}`;
    const held = cells.get(key);
    if (held === undefined || isGreater(order(write), order(held))) cells.set(key, write);
  }
  return cells;
}

function isGreater(one: (bigint | string | number)[], other: (bigint | string | number)[]) {
  const at = one.findIndex((part, index) => part !== other[index]);
  return at >= 0 && (one[at] ?? 0) > (other[at] ?? 0);
}

function expectSame(checked: {
  register: CellRegister;
  regions: RegionNames;
  expected: Map<string, CellChange>;
  seed: number;
}): void {
  const { register, regions, expected, seed } = checked;
  if (register.size !== expected.size) throw new Error(`seed ${seed}: ${register.size} cells`);
  for (const write of expected.values()) {
    const held = register.cells.at(register.find(write.x, write.y, write.layer));
    const isSame =
      sameStamp(held.stamp, write.stamp) &&
      regions.nameOf(held.region) === NAMES[write.region] &&
      held.gone === write.gone &&
      (write.gone || held.value === write.value);
    if (!isSame) throw new Error(`seed ${seed}: ${JSON.stringify({ held, write })}`);
  }
}

const sameStamp = (one: Stamp, other: Stamp) => one.hi === other.hi && one.lo === other.lo;

function shuffled<Item>(items: readonly Item[], next: (below: number) => number): Item[] {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = next(at + 1);
    const [a, b] = [list[at], list[other]];
    if (a === undefined || b === undefined) continue;
    list[at] = b;
    list[other] = a;
  }
  return list;
}
