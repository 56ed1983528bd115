import { describe, expect, test } from "bun:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ArenaState } from "#proto/arena_pb.ts";
import {
  type CellSchema,
  ClientFrameSchema,
  GoodbyeReason,
  ServerFrameSchema,
  TickSchema,
} from "#proto/frame_pb.ts";
import { ARENA_PARAMETERS, packArenaPose } from "#shared/sim/index.ts";
import { type LegacyFrame, readLegacyFrame } from "../../testing/legacy-frames.ts";
import type { LegacyForm } from "./legacy-scene.ts";
import { LegacyTranslator } from "./legacy-translator.ts";

type ServerFrameInit = NonNullable<MessageInitShape<typeof ServerFrameSchema>["frame"]>;
type TickInit = MessageInitShape<typeof TickSchema>;
type RecordInit = NonNullable<MessageInitShape<typeof CellSchema>["arenaEntities"]>[number];

/** One cell of 1,000 units; at 30 ticks a second three ticks are 96 tenths. */
const PARAMETERS = { ...ARENA_PARAMETERS, width: 1_000, height: 1_000, cellSize: 1_000 };
const THREE_TICKS = 96;

function pose(dx: number, dy: number, facingRight = true): number {
  const state = dx === 0 && dy === 0 ? ArenaState.IDLE : ArenaState.MOVING;
  return packArenaPose({ dx, dy, facingRight, state });
}

function still(state: ArenaState): number {
  return packArenaPose({ dx: 0, dy: 0, facingRight: true, state });
}

const IDLE = pose(0, 0);
const RIGHT = pose(1, 0);
const ATTACKING = still(ArenaState.ATTACKING);
const DEAD = still(ArenaState.DEAD);

const OWN = { id: 5, x: 4_009, y: 4_000, pose: IDLE, name: "Guest 1" };
const ADA = { id: 2, x: 1_000, y: 2_000, pose: IDLE, name: "Ada" };
const BO = { id: 9, x: 3_000, y: 2_000, pose: RIGHT, name: "Bo" };

/** A legacy client behind a translator, and the shard in front of it. */
class Booth {
  readonly translator: LegacyTranslator;
  readonly #form: LegacyForm;

  constructor(form: LegacyForm) {
    this.#form = form;
    this.translator = new LegacyTranslator(form);
  }

  /** What the client hears of a frame, and what the shard is sent in answer. */
  frame(frame: ServerFrameInit): { heard: LegacyFrame[]; sent: unknown[] } {
    const value = create(ServerFrameSchema, { frame });
    const sent = this.translator.fromShard(toBinary(ServerFrameSchema, value));
    const { out } = this.translator;
    const heard = Array.from({ length: out.count }, (_, index) =>
      readLegacyFrame(out.message(index), this.#form),
    );
    return { heard, sent: sent.map((bytes) => fromBinary(ClientFrameSchema, bytes).frame) };
  }

  tick(value: TickInit): LegacyFrame[] {
    return this.frame({ case: "tick", value }).heard;
  }

  welcome() {
    const world = { case: "arena" as const, value: PARAMETERS };
    return this.frame({ case: "welcome", value: { entityId: OWN.id, sequence: 10, world } });
  }
}

function keyframe(...arenaEntities: RecordInit[]) {
  return { cell: 0, keyframe: true, arenaEntities };
}

/** A client that has been told of everyone at tick 100. */
function playing(form: LegacyForm): Booth {
  const booth = new Booth(form);
  booth.welcome();
  booth.tick({ tick: 100, reset: true, cells: [keyframe(OWN, ADA, BO)] });
  return booth;
}

function record(tick: number, ...arenaEntities: RecordInit[]): TickInit {
  return { tick, cells: [{ cell: 0, arenaEntities }] };
}

function row(id: number, dx: number, dy: number, packed: number): number[] {
  const zigzag = (value: number) => ((value << 1) ^ (value >> 31)) >>> 0;
  return [id, zigzag(dx), zigzag(dy), packed];
}

/** A player of the client's, facing right unless told otherwise. */
function player(id: number, x: number, y: number, rest = {}) {
  return { id, x, y, vx: 0, vy: 0, facingRight: true, state: 0, ...rest };
}

describe("the first list", () => {
  const own = player(5, 400, 400);
  const ada = player(2, 100, 200);
  const bo = player(9, 300, 200, { vx: 1, state: 1 });

  test("has the own player as the highest; higher ones join after it", () => {
    const booth = new Booth("events");
    expect(booth.welcome().heard).toEqual([]);
    expect(booth.tick({ tick: 100, reset: true, cells: [keyframe(BO, OWN, ADA)] })).toEqual([
      { kind: "gameState", sequence: undefined, players: [own, ada] },
      { kind: "joined", player: bo },
      { kind: "movement", id: 9, dx: 1, dy: 0 },
    ]);
  });

  test("is numbered in the delta form, in which records carry the velocity", () => {
    const booth = new Booth("delta");
    booth.welcome();
    expect(booth.tick({ tick: 100, reset: true, cells: [keyframe(BO, OWN, ADA)] })).toEqual([
      { kind: "gameState", sequence: 1, players: [own, ada] },
      { kind: "joined", player: bo },
    ]);
  });

  test("waits for the own player", () => {
    const booth = new Booth("events");
    booth.welcome();
    expect(booth.tick({ tick: 100, reset: true, cells: [keyframe(ADA)] })).toEqual([]);
    expect(booth.tick(record(103, OWN))).toEqual([
      { kind: "gameState", sequence: undefined, players: [ada, own] },
    ]);
  });
});

describe("what others do, as events", () => {
  const cases: [string, TickInit, LegacyFrame[]][] = [
    ["nothing that was not foretold", { tick: 103 }, []],
    [
      "a turn downwards",
      { tick: 103, arenaMoves: row(9, 0, 32, pose(0, 1)) },
      [{ kind: "movement", id: 9, dx: 0, dy: 1 }],
    ],
    [
      "a turn to the left, which is also a turn of the face",
      { tick: 103, arenaMoves: row(9, -64, 0, pose(-1, 0, false)) },
      [
        { kind: "movement", id: 9, dx: -1, dy: 0 },
        { kind: "direction", id: 9, right: false },
      ],
    ],
    [
      "a turn of the face",
      { tick: 103, arenaMoves: row(2, 0, 0, pose(0, 0, false)) },
      [{ kind: "direction", id: 2, right: false }],
    ],
    [
      "an attack out of a walk",
      { tick: 103, arenaMoves: row(9, -32, 0, ATTACKING) },
      [
        { kind: "attack", id: 9, x: 306, y: 200 },
        { kind: "movement", id: 9, dx: 0, dy: 0 },
      ],
    ],
    ["a wound, for which there is no word", record(103, { ...ADA, wounds: 20 }), []],
    ["a death", record(103, { ...ADA, pose: DEAD, wounds: 100 }), [{ kind: "left", id: 2 }]],
    ["someone who goes", { tick: 103, cells: [{ cell: 0, gone: [9] }] }, [{ kind: "left", id: 9 }]],
    [
      "someone who comes",
      record(103, { id: 7, x: 15, y: 25, pose: pose(-1, -1, false), name: "Cy" }),
      [
        {
          kind: "joined",
          player: player(7, 1, 2, { vx: -1, vy: -1, facingRight: false, state: 1 }),
        },
        { kind: "movement", id: 7, dx: -1, dy: -1 },
      ],
    ],
    ["someone who comes dead", record(103, { id: 7, x: 1, y: 2, pose: DEAD, name: "Cy" }), []],
    ["the own turn, which the client knows", { tick: 103, arenaMoves: row(5, 0, 0, RIGHT) }, []],
  ];
  test.each(cases)("%s", (_, tick, heard) => {
    expect(playing("events").tick(tick)).toEqual(heard);
  });

  test("an attack is told once; one that follows at once is known by how long it takes", () => {
    const booth = playing("events");
    booth.tick({ tick: 103, arenaMoves: row(2, 0, 0, ATTACKING) });
    expect(booth.tick(record(130, { ...ADA, pose: ATTACKING, score: 1 }))).toEqual([]);
    expect(booth.tick(record(133, { ...ADA, pose: ATTACKING, score: 2 }))).toEqual([
      { kind: "attack", id: 2, x: 100, y: 200 },
    ]);
  });

  test("the end of an attack is a walk again, or no news", () => {
    const booth = playing("events");
    booth.tick({ tick: 103, arenaMoves: [...row(2, 0, 0, ATTACKING), ...row(9, 0, 0, ATTACKING)] });
    const moves = [...row(2, 0, 0, IDLE), ...row(9, 32, 0, RIGHT)];
    expect(booth.tick({ tick: 133, arenaMoves: moves })).toEqual([
      { kind: "movement", id: 9, dx: 1, dy: 0 },
    ]);
  });

  test("whoever returns from death joins where it returns", () => {
    const booth = playing("events");
    booth.tick(record(103, { ...ADA, pose: DEAD, wounds: 100 }));
    expect(booth.tick(record(193, { ...ADA, x: 9_000, pose: IDLE }))).toEqual([
      { kind: "joined", player: player(2, 900, 200) },
    ]);
  });
});

describe("what others do, as numbered deltas", () => {
  test("records of those who changed, and only of those", () => {
    const booth = playing("delta");
    expect(booth.tick({ tick: 103 })).toEqual([]);
    const x = Math.floor((BO.x + 2 * THREE_TICKS) / 10);
    expect(booth.tick({ tick: 106, arenaMoves: row(9, 0, 0, pose(0, -1)) })).toEqual([
      { kind: "delta", sequence: 2, players: [player(9, x, 200, { vy: -1, state: 1 })] },
    ]);
    const moves = [...row(2, 0, 0, ATTACKING), ...row(9, 0, 5, pose(0, -1))];
    const heard = booth.tick({ tick: 109, arenaMoves: moves });
    expect(heard).toMatchObject([
      {
        kind: "delta",
        sequence: 3,
        players: [
          { id: 2, state: 2 },
          { id: 9, vy: -1 },
        ],
      },
    ]);
  });

  test("a change of nothing that a record holds is no news", () => {
    const booth = playing("delta");
    expect(booth.tick(record(103, { ...ADA, wounds: 20 }))).toEqual([]);
  });

  test("who comes and goes does so in messages of its own", () => {
    const booth = playing("delta");
    const cells = [{ cell: 0, gone: [9], arenaEntities: [{ ...BO, id: 7, name: "Cy" }] }];
    expect(booth.tick({ tick: 103, cells })).toEqual([
      { kind: "joined", player: player(7, 300, 200, { vx: 1, state: 1 }) },
      { kind: "left", id: 9 },
    ]);
  });
});

describe("a full state", () => {
  test("follows frames that were lost, like the first one, which may be among them", () => {
    const booth = playing("delta");
    expect(booth.tick({ tick: 150, reset: true, cells: [keyframe(BO, OWN)] })).toEqual([
      { kind: "gameState", sequence: 2, players: [player(5, 400, 400)] },
      { kind: "joined", player: player(9, 300, 200, { vx: 1, state: 1 }) },
    ]);
  });

  test("is how a client learns of its own return from death", () => {
    const booth = playing("events");
    expect(booth.tick(record(103, { ...OWN, pose: DEAD, wounds: 100 }))).toEqual([]);
    const heard = booth.tick(record(193, { ...OWN, x: 8_000, pose: IDLE }));
    expect(heard[0]).toMatchObject({ kind: "gameState" });
    expect(heard[0]).toHaveProperty("players", expect.arrayContaining([player(5, 800, 400)]));
    // In the events form velocities are in events alone.
    expect(heard.slice(1)).toEqual([{ kind: "movement", id: 9, dx: 1, dy: 0 }]);
  });

  test("shows the own player where it lies dead, and no other dead", () => {
    const booth = playing("delta");
    const cells = [keyframe({ ...OWN, pose: DEAD }, { ...ADA, pose: DEAD })];
    expect(booth.tick({ tick: 150, reset: true, cells })).toEqual([
      { kind: "gameState", sequence: 2, players: [player(5, 400, 400)] },
    ]);
  });

  test("comes every 30 seconds in any case", () => {
    const booth = playing("delta");
    expect(booth.tick({ tick: 100 + 30 * 30 - 1 })).toEqual([]);
    const heard = booth.tick({ tick: 100 + 30 * 30 });
    expect(heard).toMatchObject([{ kind: "gameState", sequence: 2 }]);
    expect(heard[0]).toHaveProperty("players.length", 3);
    expect(booth.tick({ tick: 100 + 30 * 30 + 3 })).toEqual([]);
  });
});

describe("the client's own commands", () => {
  test("wait for the welcome, then go out in order, numbered on", () => {
    const booth = new Booth("events");
    const move = { kind: "move", dx: 1, dy: 0, sequence: 77 } as const;
    expect(
      booth.translator.fromClient({ kind: "viewport", width: 64, height: 64 }),
    ).toBeUndefined();
    expect(booth.translator.fromClient(move)).toBeUndefined();
    expect(booth.welcome().sent).toMatchObject([
      { case: "viewport", value: { width: 64 } },
      { case: "input", value: { sequence: 11 } },
    ]);
  });

  test("are at most sixteen that wait; the oldest are forgotten", () => {
    const booth = new Booth("events");
    for (let width = 1; width <= 20; width++) {
      booth.translator.fromClient({ kind: "viewport", width, height: 64 });
    }
    const { sent } = booth.welcome();
    expect(sent).toHaveLength(16);
    expect(sent[0]).toMatchObject({ value: { width: 5 } });
  });

  test("a MOVE is acknowledged with its number and the place that the shard says", () => {
    const booth = playing("events");
    booth.translator.fromClient({ kind: "move", dx: 1, dy: 0, sequence: 77 });
    booth.translator.fromClient({ kind: "attack" });
    booth.translator.fromClient({ kind: "move", dx: 0, dy: 0, sequence: 78 });
    const self = { case: "arena" as const, value: { x: 4_105, y: 3_999 } };
    const ack = (sequence: number) => ({ tick: 103, ack: { sequence, self } });
    expect(booth.tick(ack(10))).toEqual([]);
    expect(booth.tick(ack(12))).toEqual([{ kind: "ack", id: 5, x: 410, y: 399, sequence: 77 }]);
    expect(booth.tick(ack(13))).toEqual([{ kind: "ack", id: 5, x: 410, y: 399, sequence: 78 }]);
  });
});

test("acks between frames answer MOVEs, though never before the first list", () => {
  const booth = new Booth("delta");
  const self = { case: "arena" as const, value: { x: 4_105, y: 3_999 } };
  const acknowledge = (sequence: number) => {
    const ack = create(TickSchema, { ack: { sequence, self } });
    booth.translator.acknowledge(toBinary(TickSchema, ack));
    const { out } = booth.translator;
    return Array.from({ length: out.count }, (_, index) =>
      readLegacyFrame(out.message(index), "delta"),
    );
  };
  expect(acknowledge(9)).toEqual([]);
  booth.welcome();
  booth.translator.fromClient({ kind: "move", dx: 1, dy: 0, sequence: 77 });
  expect(acknowledge(11)).toEqual([]);
  booth.tick({ tick: 100, reset: true, cells: [keyframe(OWN)] });
  expect(acknowledge(11)).toEqual([{ kind: "ack", id: 5, x: 410, y: 399, sequence: 77 }]);
  expect(acknowledge(11)).toEqual([]);
});

test("frames without a counterpart come to nothing", () => {
  const booth = playing("events");
  const reason = GoodbyeReason.STOPPING;
  expect(booth.frame({ case: "rejection", value: { sequence: 1 } }).heard).toEqual([]);
  expect(booth.frame({ case: "pong", value: { tick: 1 } }).heard).toEqual([]);
  expect(booth.frame({ case: "goodbye", value: { reason } }).heard).toEqual([]);
});
