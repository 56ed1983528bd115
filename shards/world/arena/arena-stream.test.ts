// The whole way of the arena's state to its watchers: whoever applies the frames as the protocol
// says knows, at each frame, everyone in the watched cells exactly as the world has them.
import { expect, test } from "bun:test";
import { create, fromBinary } from "@bufbuild/protobuf";
import { InputSchema, IntentSchema, ServerFrameSchema, type Tick } from "#proto/frame_pb.ts";
import {
  ARENA_PARAMETERS,
  advanceArena,
  arenaTravel,
  createRandom,
  type Random,
} from "#shared/sim/index.ts";
import { FrameAssembler } from "../../gateway/frame-assembler.ts";
import { copyRect, emptyRect, watch } from "../../loop/interest.ts";
import { Publication } from "../../loop/publication.ts";
import { type ShardWorld, WANT_DELTA, WANT_KEYFRAME } from "../shard-world.ts";
import { arenaFactory } from "./arena-shard-world.ts";

const INTERVAL_TICKS = 3;
const SPAN = 2_000;

interface Known {
  cell: number;
  x: number;
  y: number;
  dx: number;
  dy: number;
  wounds: number;
  score: number;
  name: string;
  tick: number;
}

/** A client that knows the protocol and nothing else. */
class Watcher {
  readonly watched = emptyRect();
  readonly known = new Map<number, Known>();
  readonly hits: string[] = [];
  reset = true;

  constructor(
    readonly connection: number,
    readonly center: { x: number; y: number },
  ) {}

  apply(tick: Tick): void {
    if (tick.reset) this.known.clear();
    for (const { cell, keyframe, arenaEntities, arenaEvents } of tick.cells) {
      if (keyframe) this.#forget(cell);
      for (const { id, x, y, pose, wounds, score, name } of arenaEntities) {
        const kept = name === "" ? (this.known.get(id)?.name ?? "") : name;
        const dx = (pose & 3) - 1;
        const dy = ((pose >> 2) & 3) - 1;
        this.known.set(id, { cell, x, y, dx, dy, wounds, score, name: kept, tick: tick.tick });
      }
      for (const { event } of arenaEvents) {
        if (event.case === "hit") this.hits.push(`${event.value.attacker}>${event.value.target}`);
      }
    }
    for (const { cell, gone } of tick.cells) {
      for (const id of gone) if (this.known.get(id)?.cell === cell) this.known.delete(id);
    }
    for (const cell of tick.goneCells) this.#forget(cell);
  }

  /** Everyone it knows of as of `tick`, moved on by the closed form. */
  view(tick: number): string[] {
    const { width, height, tickRate } = ARENA_PARAMETERS;
    return [...this.known]
      .map(([id, { x, y, dx, dy, wounds, score, name, tick: since }]) => {
        const travel = arenaTravel(since, tick, tickRate);
        const atX = advanceArena(x, dx * travel, width * 10);
        const atY = advanceArena(y, dy * travel, height * 10);
        return `${id} ${name} ${atX} ${atY} ${wounds} ${score}`;
      })
      .sort();
  }

  #forget(cell: number): void {
    for (const [id, entity] of this.known) if (entity.cell === cell) this.known.delete(id);
  }
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

/** What a watcher ought to know: everyone in the watched cells, read from the world itself. */
function truth(world: ShardWorld, watcher: Watcher): string[] {
  const cell = emptyRect();
  const publication = new Publication(world.grid);
  const wanted = new Uint8Array(world.grid.columns * world.grid.rows);
  copyRect(watcher.watched, cell);
  const oracle = new Watcher(0, watcher.center);
  for (let row = cell.top; row < cell.bottom; row++) {
    for (let column = cell.left; column < cell.right; column++) {
      wanted[row * world.grid.columns + column] = WANT_KEYFRAME;
    }
  }
  publication.reset(world.tick);
  world.encodeCells(publication.cells, wanted, INTERVAL_TICKS);
  const send = publication.next();
  copyRect(cell, send.now);
  oracle.apply(decode(new FrameAssembler().assemble(publication, send)));
  return oracle.view(world.tick);
}

function decode(bytes: Uint8Array): Tick {
  const { frame } = fromBinary(ServerFrameSchema, bytes);
  if (frame.case !== "tick") throw new Error(`expected a tick, got ${frame.case}`);
  return frame.value;
}

function publishTo(watcher: Watcher, world: ShardWorld, assembler: FrameAssembler): void {
  const publication = new Publication(world.grid);
  const wanted = new Uint8Array(world.grid.columns * world.grid.rows);
  publication.reset(world.tick);
  const send = publication.next();
  send.reset = watcher.reset;
  copyRect(watcher.watched, send.before);
  watch(watcher.watched, world.grid, { ...watcher.center, width: 500, height: 400 });
  copyRect(watcher.watched, send.now);
  wanted.fill(WANT_DELTA | WANT_KEYFRAME);
  world.encodeCells(publication.cells, wanted, INTERVAL_TICKS);
  watcher.apply(decode(assembler.assemble(publication, send)));
  watcher.reset = false;
}

test.each([1, 2, 3, 4, 5])("watchers know what is true at each frame (seed %d)", (seed) => {
  const random = createRandom(seed);
  const world = arenaFactory.create({ tickRate: 30, seed, capacity: 200 });
  const crowd = new Crowd(world, random);
  const assembler = new FrameAssembler();
  const roll = () => random.uint32() % SPAN;
  const watchers = [0, 1, 2, 3, 4, 5].map((id) => new Watcher(id, { x: roll(), y: roll() }));
  let seen = 0;
  for (let tick = 1; tick <= 600; tick++) {
    crowd.act();
    world.step();
    world.observe();
    crowd.learn();
    for (const watcher of watchers) {
      if (tick % INTERVAL_TICKS !== watcher.connection % INTERVAL_TICKS) continue;
      watcher.center.x = Math.min(SPAN, Math.max(0, watcher.center.x + (roll() % 61) - 30));
      watcher.center.y = Math.min(SPAN, Math.max(0, watcher.center.y + (roll() % 61) - 30));
      publishTo(watcher, world, assembler);
      seen += watcher.known.size;
      expect(watcher.view(world.tick)).toEqual(truth(world, watcher));
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
