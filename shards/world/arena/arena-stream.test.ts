// The whole way of the arena's state to its watchers: whoever applies the frames as the protocol
// says knows, at each frame, everyone in the watched cells exactly as the world has them.
import { expect, test } from "bun:test";
import { create, fromBinary } from "@bufbuild/protobuf";
import { InputSchema, IntentSchema, ServerFrameSchema, type Tick } from "#proto/frame_pb.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { FrameAssembler } from "../../gateway/frame-assembler.ts";
import { type CellRect, copyRect, emptyRect, watch } from "../../loop/interest.ts";
import { Publication } from "../../loop/publication.ts";
import { ArenaMirror } from "../../testing/arena-mirror.ts";
import { ArenaWatcher } from "../../testing/arena-watcher.ts";
import { type ShardWorld, WANT_DELTA, WANT_KEYFRAME } from "../shard-world.ts";
import { arenaFactory } from "./arena-shard-world.ts";

const INTERVAL_TICKS = 3;
const SPAN = 2_000;

/** A client at a place that wanders. */
class Onlooker {
  readonly watched = emptyRect();
  readonly watcher = new ArenaWatcher();
  reset = true;

  constructor(
    readonly group: number,
    readonly center: { x: number; y: number },
  ) {}
}

class Crowd {
  readonly #sequences = new Map<number, number>();
  readonly #players: { playerId: string; entity: number }[] = [];

  constructor(
    readonly world: ShardWorld,
    readonly random: Random,
  ) {}

  act(): void {
    const roll = this.#roll(100);
    if (roll < 8 || this.#players.length < 30) {
      const playerId = `p${this.#roll(80)}`;
      this.world.queueJoin({ playerId, name: `name of ${playerId}`, restored: undefined });
    } else if (roll < 10) {
      this.world.queueLeave(this.#pick());
    } else if (roll < 12) {
      this.world.queueHalt(this.#pick());
    } else if (roll < 14) {
      this.world.queueRename(this.#pick(), `renamed ${this.#roll(1_000)}`);
    }
    for (let count = 0; count < 4; count++) this.#command();
  }

  learn(): void {
    for (const { entity } of this.world.effects.departed) {
      const index = this.#players.findIndex((player) => player.entity === entity);
      if (index >= 0) this.#players.splice(index, 1);
    }
    for (const joined of this.world.effects.joined) {
      this.#sequences.set(joined.entity, 0);
      if (!this.#players.some(({ entity }) => entity === joined.entity)) this.#players.push(joined);
    }
  }

  #command(): void {
    const entity = this.#pick();
    if (entity === 0) return;
    const sequence = (this.#sequences.get(entity) ?? 0) + 1;
    this.#sequences.set(entity, sequence);
    if (this.#roll(4) === 0) {
      const value = { action: { case: "attack" as const, value: {} } };
      const message = create(IntentSchema, { sequence, action: { case: "arena", value } });
      this.world.queueCommand(entity, message);
      return;
    }
    const value = { dx: this.#roll(3) - 1, dy: this.#roll(3) - 1 };
    const message = create(InputSchema, { sequence, controls: { case: "arena", value } });
    this.world.queueCommand(entity, message);
  }

  #pick(): number {
    return this.#players[this.#roll(this.#players.length)]?.entity ?? 0;
  }

  #roll(sides: number): number {
    return sides === 0 ? 0 : this.random.uint32() % sides;
  }
}

/** The numbers of the cells in a rectangle. */
function cellsOf(rect: CellRect, columns: number): Set<number> {
  const cells = new Set<number>();
  for (let row = rect.top; row < rect.bottom; row++) {
    for (let column = rect.left; column < rect.right; column++) cells.add(row * columns + column);
  }
  return cells;
}

function decode(bytes: Uint8Array): Tick {
  const { frame } = fromBinary(ServerFrameSchema, bytes);
  if (frame.case !== "tick") throw new Error(`expected a tick, got ${frame.case}`);
  return frame.value;
}

function publishTo(onlooker: Onlooker, world: ShardWorld, assembler: FrameAssembler): void {
  const publication = new Publication(world.grid);
  const wanted = new Uint8Array(world.grid.columns * world.grid.rows);
  publication.reset(world.tick);
  const send = publication.next();
  send.reset = onlooker.reset;
  copyRect(onlooker.watched, send.before);
  watch(onlooker.watched, world.grid, { ...onlooker.center, width: 500, height: 400 });
  copyRect(onlooker.watched, send.now);
  wanted.fill(WANT_DELTA | WANT_KEYFRAME);
  world.encodeCells(publication.cells, wanted, INTERVAL_TICKS);
  onlooker.watcher.apply(decode(assembler.assemble(publication, send)));
  onlooker.reset = false;
}

test.each([1, 2, 3, 4, 5])("watchers know what is true at each frame (seed %d)", (seed) => {
  const random = createRandom(seed);
  const world = arenaFactory.create({ tickRate: 30, seed, capacity: 200 });
  const truth = new ArenaMirror(world.snapshot());
  const crowd = new Crowd(world, random);
  const assembler = new FrameAssembler();
  const roll = () => random.uint32() % SPAN;
  const onlookers = [0, 1, 2, 3, 4, 5].map((id) => new Onlooker(id, { x: roll(), y: roll() }));
  let seen = 0;
  for (let tick = 1; tick <= 600; tick++) {
    crowd.act();
    truth.replay(world.step());
    world.observe();
    crowd.learn();
    for (const onlooker of onlookers) {
      if (tick % INTERVAL_TICKS !== onlooker.group % INTERVAL_TICKS) continue;
      const { watcher, watched, center } = onlooker;
      center.x = Math.min(SPAN, Math.max(0, center.x + (roll() % 61) - 30));
      center.y = Math.min(SPAN, Math.max(0, center.y + (roll() % 61) - 30));
      publishTo(onlooker, world, assembler);
      seen += watcher.players.size;
      const cells = cellsOf(watched, world.grid.columns);
      expect(watcher.cells).toEqual(cells);
      expect(watcher.view(world.tick, truth.parameters)).toEqual(truth.view(cells));
    }
  }
  expect(seen).toBeGreaterThan(1_000);
});

test("a player who runs straight on costs nothing after its first record", () => {
  const world = arenaFactory.create({ tickRate: 30, seed: 1, capacity: 10 });
  world.queueJoin({ playerId: "a", name: "a", restored: undefined });
  world.step();
  world.observe();
  const entity = world.effects.joined[0]?.entity ?? 0;
  const place = { x: 0, y: 0 };
  world.locate(entity, place);
  const value = { dx: place.x > 1_000 ? -1 : 1, dy: 0 };
  const message = create(InputSchema, { sequence: 1, controls: { case: "arena", value } });
  world.queueCommand(entity, message);
  world.step();
  world.observe();
  expect(world.changedWithin(entity, 1)).toBe(true);
  for (let tick = 0; tick < 60; tick++) {
    world.step();
    world.observe();
    expect(world.changedWithin(entity, 1)).toBe(false);
  }
});

test("a replay of the journal gives the same world", () => {
  const random = createRandom(9);
  const options = { tickRate: 30, seed: 9, capacity: 200 };
  const world = arenaFactory.create(options);
  const crowd = new Crowd(world, random);
  const start = world.snapshot();
  const journal: Uint8Array[] = [];
  for (let tick = 0; tick < 900; tick++) {
    crowd.act();
    journal.push(world.step());
    crowd.learn();
  }
  const again = arenaFactory.restore(start, options);
  for (const inputs of journal) again.replay(inputs);
  expect(again.hash()).toBe(world.hash());
});
