import { expect, test } from "bun:test";
import { BlocksKind } from "#shared/sim/index.ts";
import type { GhostNews, GhostRecord } from "../../region-ghosts.ts";
import { BlocksEvents } from "../blocks-events.ts";
import { CellNews } from "../cell-news.ts";
import { GhostTable } from "./ghost-table.ts";

const RATE = 20;

function setUp() {
  const news = new CellNews(16);
  const events = new BlocksEvents(16, 18, news);
  return new GhostTable({ columns: 4, rows: 4, tickRate: RATE, ticksMax: 18, news, events });
}

function ghost(id: number, changes: Partial<GhostRecord> = {}): GhostRecord {
  const still = { age: 0, x: 100, y: 100, vx: 0, vy: 0, wounds: 0, facing: 0, state: 0 };
  return { id, kind: BlocksKind.Player, name: `name ${id}`, ...still, ...changes };
}

function news(ghosts: GhostRecord[], changes: Partial<GhostNews> = {}): GhostNews {
  return {
    region: "us-east-1",
    tick: 7,
    tickRate: RATE,
    anew: false,
    gone: [],
    emotes: [],
    ghosts,
    ...changes,
  };
}

test("a ghost is where it has gone since it was told of, in the ticks of this shard", () => {
  const table = setUp();
  table.hear(news([ghost(1, { age: 10, vx: 640, vy: -64 })], { tickRate: 40 }));
  table.observe(1);
  expect([table.x[0], table.y[0], table.vx[0], table.vy[0], table.at[0]]).toEqual([
    ...[200, 90, 1_280, -128, 1],
  ]);
});

test("the same ids of two regions are two ghosts", () => {
  const table = setUp();
  table.hear(news([ghost(1)]));
  table.hear(news([ghost(1)], { region: "eu-west-1" }));
  table.observe(1);
  expect([table.held, table.homeOf(0), table.homeOf(1)]).toEqual([2, "us-east-1", "eu-west-1"]);
  table.hear(news([], { anew: true }));
  table.observe(2);
  expect([table.held, table.ids[0]]).toEqual([1, 0]);
});

test("one who is told of again unchanged is not told to clients again, but stays", () => {
  const table = setUp();
  for (let tick = 1; tick <= 12 * RATE; tick += 1) {
    if (tick % (2 * RATE) === 1) table.hear(news([ghost(1, { age: tick })], { tick: 100 + tick }));
    table.observe(tick);
  }
  expect([table.held, table.toldTick[0]]).toEqual([1, 1]);
  const before = table.ids[0];
  for (let tick = 12 * RATE + 1; tick <= 18 * RATE; tick += 1) table.observe(tick);
  expect(table.held).toBe(0);
  table.hear(news([ghost(1)]));
  table.observe(18 * RATE + 1);
  expect(table.ids[0]).not.toBe(before);
});

/** Ticks until all that was heard is taken. */
const TAKEN = 20;

test("of more than are held creatures leave room for players, and the rest is counted", () => {
  const table = setUp();
  const hear = (from: number, count: number, kind: number) => {
    for (let at = 0; at < count; at += 1_000) {
      const length = Math.min(1_000, count - at);
      table.hear(news(Array.from({ length }, (_, index) => ghost(from + at + index, { kind }))));
    }
  };
  hear(1, 13_000, BlocksKind.Cow);
  for (let tick = 1; tick <= TAKEN; tick += 1) table.observe(tick);
  expect([table.held, table.withoutRoom]).toEqual([12_288, 712]);
  hear(20_000, 21_000, BlocksKind.Player);
  for (let tick = 1; tick <= TAKEN; tick += 1) table.observe(TAKEN + tick);
  expect([table.held, table.withoutRoom]).toEqual([32_768, 712 + 520]);
});

test("a tick takes so many changes, and the next ones the rest", () => {
  const table = setUp();
  for (let message = 0; message < 8; message += 1) {
    table.hear(news(Array.from({ length: 1_000 }, (_, id) => ghost(message * 1_000 + id + 1))));
  }
  table.observe(1);
  expect(table.held).toBe(3_000);
  for (let tick = 2; tick <= 4; tick += 1) table.observe(tick);
  expect(table.held).toBe(8_000);
  // A later life of the region, in which the ids are somebody else's.
  table.hear(news([ghost(1), ghost(2)], { anew: true }));
  table.hear(news([ghost(3)]));
  table.observe(5);
  expect(table.held).toBe(8_003 - (2_048 - 3));
  for (let tick = 6; tick < 10; tick += 1) table.observe(tick);
  expect(table.held).toBe(3);
  table.hear(news([], { gone: [1, 3] }));
  table.observe(10);
  expect(table.held).toBe(1);
});

test("of more messages than can wait the oldest are lost, and counted", () => {
  const table = setUp();
  for (let id = 1; id <= 300; id += 1) table.hear(news([ghost(id)]));
  table.observe(1);
  expect([table.held, table.lost]).toEqual([256, 44]);
});
