import { expect, test } from "bun:test";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ArenaState } from "#proto/arena_pb.ts";
import { type CellSchema, ServerFrameSchema, type TickSchema } from "#proto/frame_pb.ts";
import { ARENA_PARAMETERS, packArenaPose } from "#shared/sim/index.ts";
import { hashArenaEntity } from "./arena-state-hash.ts";
import { ArenaView } from "./arena-view.ts";
import { TickFrame } from "./tick-frame.ts";
import { readTickFrame } from "./tick-reader.ts";
import { WireError } from "./wire-reader.ts";

/** Four by four cells of 2,500 tenths; at 30 ticks a second a step is 32 tenths. */
const PARAMETERS = { ...ARENA_PARAMETERS, width: 1_000, height: 1_000, cellSize: 250 };
const STEP = 32;

type TickInit = MessageInitShape<typeof TickSchema>;
type CellInit = MessageInitShape<typeof CellSchema>;
type RecordInit = NonNullable<CellInit["arenaEntities"]>[number];

const IDLE = pose(0, 0);
const RIGHT = pose(1, 0);
const DOWN = pose(0, 1);

function pose(dx: number, dy: number): number {
  const state = dx === 0 && dy === 0 ? ArenaState.IDLE : ArenaState.MOVING;
  return packArenaPose({ dx, dy, facingRight: true, state });
}

/** A view, and what it told since it was asked last. */
class Watcher {
  readonly #told: string[] = [];
  readonly #frame = new TickFrame();
  readonly view = new ArenaView(PARAMETERS, {
    added: (row) => this.#told.push(`added ${this.#line(row)}`),
    moved: (row) => this.#told.push(`moved ${this.#line(row)}`),
    recorded: (row) => this.#told.push(`recorded ${this.#line(row)}`),
    forgotten: (row) => this.#told.push(`forgotten ${this.view.entities.id[row]}`),
  });

  apply(tick: TickInit): void {
    const value = create(ServerFrameSchema, { frame: { case: "tick", value: tick } });
    expect(readTickFrame(toBinary(ServerFrameSchema, value), this.#frame)).toBe(true);
    this.view.apply(this.#frame);
  }

  told(): string[] {
    return this.#told.splice(0);
  }

  known(): string[] {
    const rows = Array.from({ length: this.view.entities.count }, (_, row) => row);
    return rows.map((row) => this.#line(row)).sort();
  }

  #line(row: number): string {
    const { entities } = this.view;
    const { id, x, y, name, wounds, score } = entities;
    return `${id[row]} ${name[row]} at ${x[row]},${y[row]}, ${wounds[row]} ${score[row]}`;
  }
}

function keyframe(cell: number, ...arenaEntities: RecordInit[]): CellInit {
  let stateHash = 0;
  for (const { id = 0, x = 0, y = 0, pose: packed = 0, wounds = 0, score = 0 } of arenaEntities) {
    stateHash += hashArenaEntity({ id, x, y, pose: packed, wounds, score });
  }
  return { cell, keyframe: true, arenaEntities, stateHash: stateHash >>> 0 };
}

function move(id: number, dx: number, dy: number, packed: number): number[] {
  const zigzag = (value: number) => ((value << 1) ^ (value >> 31)) >>> 0;
  return [id, zigzag(dx), zigzag(dy), packed];
}

const ADA = { id: 1, x: 1_000, y: 1_000, pose: IDLE, name: "Ada" };
const BO = { id: 2, x: 2_450, y: 1_000, pose: RIGHT, name: "Bo" };

/** Watches cells 0 and 1 from tick 100 on: Ada stands in 0, Bo walks from 0 towards 1. */
function watcher(): Watcher {
  const made = new Watcher();
  made.apply({ tick: 100, reset: true, cells: [keyframe(0, ADA, BO), keyframe(1)] });
  expect(made.told()).toEqual(["added 1 Ada at 1000,1000, 0 0", "added 2 Bo at 2450,1000, 0 0"]);
  return made;
}

test("a foretold crossing is silent: who walks into a watched cell is there without news", () => {
  const made = watcher();
  made.apply({ tick: 103 });
  const { entities } = made.view;
  expect(entities.cell[entities.rowOf(2)]).toBe(1);
  expect(made.known()).toContain(`2 Bo at ${2_450 + 3 * STEP},1000, 0 0`);
  expect(made.told()).toEqual([]);
});

test("whoever walks against an edge stays at it", () => {
  const made = new Watcher();
  made.apply({ tick: 1, reset: true, cells: [keyframe(3, { ...BO, x: 9_950 })] });
  made.apply({ tick: 13 });
  expect(made.known()).toEqual(["2 Bo at 10000,1000, 0 0"]);
});

test("a frame after four intervals advances by all of their ticks", () => {
  const made = watcher();
  made.apply({ tick: 112 });
  expect(made.known()).toContain(`2 Bo at ${2_450 + 12 * STEP},1000, 0 0`);
  expect([made.view.tick, made.view.previousTick]).toEqual([112, 100]);
});

test("a move adds to what was foretold, and its pose holds from then on", () => {
  const made = watcher();
  made.apply({ tick: 103, arenaMoves: move(2, -2 * STEP, 2 * STEP, DOWN) });
  const x = 2_450 + STEP;
  expect(made.told()).toEqual([`moved 2 Bo at ${x},${1_000 + 2 * STEP}, 0 0`]);
  made.apply({ tick: 106 });
  expect(made.known()).toContain(`2 Bo at ${x},${1_000 + 5 * STEP}, 0 0`);
});

test("a move of someone who is not known is passed over", () => {
  const made = watcher();
  made.apply({ tick: 103, arenaMoves: move(9, 5, 5, RIGHT) });
  expect(made.told()).toEqual([]);
  expect(made.view.entities.count).toBe(2);
});

test("a record says where someone is, and leaves the name when it has none", () => {
  const made = watcher();
  const hurt = { id: 1, x: 1_000, y: 1_000, pose: IDLE, wounds: 20, score: 3 };
  made.apply({ tick: 103, cells: [{ cell: 0, arenaEntities: [hurt] }] });
  expect(made.told()).toEqual(["recorded 1 Ada at 1000,1000, 20 3"]);
});

test("a record without a name of someone who is not known is passed over", () => {
  const made = watcher();
  made.apply({ tick: 103, cells: [{ cell: 0, arenaEntities: [{ ...ADA, id: 9, name: "" }] }] });
  expect(made.told()).toEqual([]);
});

test("a record that says nothing new is not told", () => {
  const made = watcher();
  made.apply({ tick: 103, cells: [{ cell: 0, arenaEntities: [ADA] }] });
  expect(made.told()).toEqual([]);
});

test("who joins, arrives, or is renamed comes with a name", () => {
  const made = watcher();
  const joined = { id: 9, x: 600, y: 600, pose: IDLE, name: "Cy" };
  const cells = [
    { cell: 0, arenaEntities: [joined] },
    { cell: 1, arenaEntities: [{ ...BO, id: 8, x: 2_500, name: "Di" }] },
    { cell: 0, arenaEntities: [{ ...ADA, name: "Ada L." }] },
  ];
  made.apply({ tick: 103, cells });
  expect(made.told()).toEqual([
    "added 9 Cy at 600,600, 0 0",
    "added 8 Di at 2500,1000, 0 0",
    "recorded 1 Ada L. at 1000,1000, 0 0",
  ]);
});

test("a teleport is a record in one cell and a gone in the other: nobody is forgotten", () => {
  const made = watcher();
  const cells = [
    { cell: 0, gone: [1] },
    { cell: 1, arenaEntities: [{ ...ADA, x: 4_000 }] },
  ];
  made.apply({ tick: 103, cells });
  expect(made.told()).toEqual(["recorded 1 Ada at 4000,1000, 0 0"]);
});

test("who is gone with a move in this frame has moved on to another cell", () => {
  const made = watcher();
  const moves = move(2, -10, 5, DOWN);
  made.apply({ tick: 103, arenaMoves: moves, cells: [{ cell: 0, gone: [2] }] });
  expect(made.told()).toEqual(["moved 2 Bo at 2536,1005, 0 0"]);
});

test("who is gone without a word is forgotten", () => {
  const made = watcher();
  made.apply({ tick: 103, cells: [{ cell: 0, gone: [2, 77] }] });
  expect(made.told()).toEqual(["forgotten 2"]);
});

test("who is gone into a cell that is new is told by its keyframe", () => {
  const made = watcher();
  const moved = { ...ADA, y: 2_600, pose: DOWN };
  made.apply({ tick: 103, cells: [{ cell: 0, gone: [1] }, keyframe(4, moved)] });
  expect(made.told()).toEqual(["recorded 1 Ada at 1000,2600, 0 0"]);
  expect([...made.view.watched]).toEqual([0, 1, 4]);
});

test("who walks where nobody watches is forgotten without news", () => {
  const made = new Watcher();
  made.apply({ tick: 100, reset: true, cells: [keyframe(0, ADA, BO)] });
  made.told();
  made.apply({ tick: 103 });
  expect(made.told()).toEqual(["forgotten 2"]);
});

test("cells that are gone take along who was in them at the frame before", () => {
  const made = watcher();
  made.apply({ tick: 103, goneCells: [0] });
  expect(made.told()).toEqual(["forgotten 2", "forgotten 1"]);
  expect([...made.view.watched]).toEqual([1]);
});

test("who walked out of a cell that is gone arrives by a record of the watched one", () => {
  const made = watcher();
  const arrived = { ...BO, x: 2_450 + 3 * STEP };
  made.apply({ tick: 103, goneCells: [0], cells: [{ cell: 1, arenaEntities: [arrived] }] });
  expect(made.told()).toEqual(["forgotten 2", "forgotten 1", "added 2 Bo at 2546,1000, 0 0"]);
  expect(made.known()).toHaveLength(1);
});

test("a keyframe of a new cell takes over who has walked into it, without news", () => {
  const made = new Watcher();
  made.apply({ tick: 100, reset: true, cells: [keyframe(0, ADA, BO)] });
  made.told();
  made.apply({ tick: 103, cells: [keyframe(1, { ...BO, x: 2_450 + 3 * STEP })] });
  expect(made.told()).toEqual([]);
  expect(made.known()).toHaveLength(2);
  expect([made.view.checks, made.view.mismatches]).toEqual([0, 0]);
});

test("the keyframe of a watched cell proves that all is known, and changes nothing", () => {
  const made = watcher();
  const walked = { ...BO, x: 2_450 + 3 * STEP };
  made.apply({ tick: 103, cells: [keyframe(0, ADA), keyframe(1, walked)] });
  expect([made.view.checks, made.view.mismatches]).toEqual([2, 0]);
  expect(made.told()).toEqual([]);
});

test("it is compared after the cell's own delta", () => {
  const made = watcher();
  const hurt = { ...ADA, wounds: 40 };
  const delta = { cell: 0, arenaEntities: [{ ...hurt, name: "" }] };
  made.apply({ tick: 101, cells: [delta, keyframe(0, hurt, { ...BO, x: 2_450 + STEP })] });
  expect([made.view.checks, made.view.mismatches]).toEqual([1, 0]);
  expect(made.told()).toEqual(["recorded 1 Ada at 1000,1000, 40 0"]);
});

test("it is compared when everyone is where the keyframes of new cells say", () => {
  const made = watcher();
  const around = { ...BO, x: 1_200, y: 2_600 };
  const cells = [keyframe(0, ADA), keyframe(4, around)];
  made.apply({ tick: 101, cells: [{ cell: 0, gone: [2] }, ...cells] });
  expect([made.view.checks, made.view.mismatches]).toEqual([1, 0]);
});

const WRONG: readonly [name: string, truth: RecordInit[], told: string[]][] = [
  ["a wrong position", [{ ...ADA, x: 1_001 }], ["recorded 1 Ada at 1001,1000, 0 0"]],
  ["a wrong score", [{ ...ADA, score: 7 }], ["recorded 1 Ada at 1000,1000, 0 7"]],
  ["someone missing", [ADA, { ...ADA, id: 5, name: "Ed" }], ["added 5 Ed at 1000,1000, 0 0"]],
  ["someone too many", [], ["forgotten 1"]],
];

for (const [name, truth, told] of WRONG) {
  test(`${name} is a mismatch, counted and mended`, () => {
    const made = watcher();
    made.apply({ tick: 103, cells: [keyframe(0, ...truth)] });
    expect([made.view.checks, made.view.mismatches]).toEqual([1, 1]);
    expect(made.told()).toEqual(told);
    made.apply({ tick: 106, cells: [keyframe(0, ...truth)] });
    expect([made.view.checks, made.view.mismatches]).toEqual([2, 1]);
    expect(made.told()).toEqual([]);
  });
}

test("someone known in the wrong cell is taken over, not doubled", () => {
  const made = watcher();
  made.apply({ tick: 101, cells: [keyframe(1, { ...ADA, x: 3_000 })] });
  expect(made.view.mismatches).toBe(1);
  expect(made.told()).toEqual(["recorded 1 Ada at 3000,1000, 0 0"]);
  expect(made.known()).toHaveLength(2);
});

test("a reset forgets everything, and its keyframes prove nothing", () => {
  const made = watcher();
  made.apply({ tick: 130, reset: true, cells: [keyframe(0, ADA)] });
  expect(made.told()).toEqual(["forgotten 2", "forgotten 1", "added 1 Ada at 1000,1000, 0 0"]);
  expect([...made.view.watched]).toEqual([0]);
  expect(made.view.checks).toBe(0);
});

test("a tick that goes back, after a restart of the shard, is a reset", () => {
  const made = watcher();
  made.apply({ tick: 90, cells: [keyframe(0, ADA)] });
  expect(made.known()).toEqual(["1 Ada at 1000,1000, 0 0"]);
});

test("hundreds come and go, and each keeps its own", () => {
  const made = new Watcher();
  const crowd = Array.from({ length: 300 }, (_, index) => {
    return { id: index + 1, x: index, y: 7, pose: IDLE, score: index, name: `n${index}` };
  });
  made.apply({ tick: 1, reset: true, cells: [keyframe(0, ...crowd)] });
  const gone = crowd.filter((_, index) => index % 3 === 0).map(({ id }) => id);
  made.apply({ tick: 2, cells: [{ cell: 0, gone }] });
  const { entities } = made.view;
  expect(entities.count).toBe(200);
  for (const { id, score, name } of crowd) {
    const row = entities.rowOf(id);
    if (gone.includes(id)) expect(row).toBe(-1);
    else expect([entities.score[row], entities.name[row]]).toEqual([score, name]);
  }
});

test("a name that is no text is damage", () => {
  const view = new ArenaView(PARAMETERS);
  const frame = new TickFrame();
  const body = [0x08, 1, 0x1a, 7, 0x22, 5, 0x08, 1, 0x3a, 1, 0xff];
  expect(readTickFrame(Uint8Array.of(0x12, body.length, ...body), frame)).toBe(true);
  expect(() => view.apply(frame)).toThrow(WireError);
});
