import { expect, test } from "bun:test";
import { CellChanges } from "#shared/time/cell-changes.ts";
import { makeStamp } from "#shared/time/hybrid-clock.ts";
import { RegionNames } from "#shared/time/region-names.ts";
import {
  CELLS_WAITING_MAX,
  CHAT_WAITING_MAX,
  ENTITIES_WAITING_MAX,
  OutgoingChanges,
  type RegionChangeSet,
} from "./outgoing-changes.ts";

const LIMITS = { count: 100, bytes: 100_000 };

function cellsOf(...writes: { x: number; ms: number; value: number }[]): CellChanges {
  return CellChanges.of(
    writes.map(({ x, ms, value }) => {
      return { x, y: 0, layer: 0, stamp: makeStamp(ms), region: 0, value };
    }),
  );
}

const item = (id: string) => ({ id, bytes: new Uint8Array(8) });

function changes(parts: Partial<RegionChangeSet>): RegionChangeSet {
  return { cells: new CellChanges(), entities: [], chat: [], ...parts };
}

function outgoing(): OutgoingChanges {
  return new OutgoingChanges(new RegionNames(["eu-west-1"]));
}

function valuesOf(set: RegionChangeSet | undefined): number[] {
  return set === undefined ? [] : [...set.cells.value.subarray(0, set.cells.length)];
}

test("nothing is told before its tick is committed", () => {
  const queue = outgoing();
  queue.take(5, changes({ cells: cellsOf({ x: 1, ms: 1, value: 1 }) }));
  queue.take(6, changes({ cells: cellsOf({ x: 2, ms: 2, value: 2 }) }));
  expect(queue.next(LIMITS)).toBeUndefined();
  queue.committed(5);
  expect(valuesOf(queue.next(LIMITS))).toEqual([1]);
  expect(queue.next(LIMITS)).toBeUndefined();
  expect(queue.ticksUncommitted).toBe(1);
});

test("a cell that changes while it waits is told once, as it is", () => {
  const queue = outgoing();
  queue.take(1, changes({ cells: cellsOf({ x: 1, ms: 1, value: 1 }, { x: 2, ms: 1, value: 9 }) }));
  queue.take(2, changes({ cells: cellsOf({ x: 1, ms: 2, value: 2 }) }));
  queue.committed(2);
  expect(valuesOf(queue.next(LIMITS))).toEqual([2, 9]);
});

test("a cell that was told and changes is told again", () => {
  const queue = outgoing();
  const many = Array.from({ length: 5 }, (_, x) => ({ x, ms: 1, value: x }));
  queue.take(1, changes({ cells: cellsOf(...many) }));
  queue.committed(1);
  expect(valuesOf(queue.next({ ...LIMITS, count: 2 }))).toEqual([0, 1]);
  queue.take(2, changes({ cells: cellsOf({ x: 0, ms: 2, value: 50 }) }));
  queue.committed(2);
  expect(valuesOf(queue.next({ ...LIMITS, count: 3 }))).toEqual([2, 3, 4]);
  expect(valuesOf(queue.next(LIMITS))).toEqual([50]);
});

test("cells go before entities, and entities before chat", () => {
  const queue = outgoing();
  queue.take(1, changes({ chat: [item("line 1"), item("line 2")] }));
  queue.take(2, changes({ entities: [item("ann"), item("bob")] }));
  queue.take(3, changes({ cells: cellsOf({ x: 1, ms: 1, value: 1 }, { x: 2, ms: 1, value: 2 }) }));
  queue.committed(3);
  const told = [1, 2, 3, 4].map(() => {
    const set = queue.next({ ...LIMITS, count: 2 });
    return [valuesOf(set).length, set?.entities.length, set?.chat.length];
  });
  expect(told).toEqual([
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 2],
    [0, undefined, undefined],
  ]);
});

test("a batch is bounded by bytes too, but never empty", () => {
  const queue = outgoing();
  queue.take(1, changes({ entities: [{ id: "a", bytes: new Uint8Array(900) }, item("b")] }));
  queue.committed(1);
  expect(queue.next({ count: 10, bytes: 100 })?.entities.map(({ id }) => id)).toEqual(["a"]);
  expect(queue.next({ count: 10, bytes: 100 })?.entities.map(({ id }) => id)).toEqual(["b"]);
});

test("each lane has a bound, and says what it cost", () => {
  const queue = outgoing();
  const entities = Array.from({ length: ENTITIES_WAITING_MAX + 3 }, (_, at) => item(`e${at}`));
  const chat = Array.from({ length: CHAT_WAITING_MAX + 2 }, (_, at) => item(`c${at}`));
  queue.take(1, changes({ entities, chat }));
  queue.committed(1);
  expect(queue.dropped).toEqual({ cells: 0, entities: 3, chat: 2 });
  const many = Array.from({ length: CELLS_WAITING_MAX + 1 }, (_, x) => ({ x, ms: 1, value: x }));
  queue.take(2, changes({ cells: cellsOf(...many) }));
  queue.committed(2);
  expect(queue.dropped.cells).toBe(CELLS_WAITING_MAX + 1);
  expect([queue.takeOverflow(), queue.takeOverflow()]).toEqual([true, false]);
  expect(queue.cellsWaiting).toBe(0);
});
