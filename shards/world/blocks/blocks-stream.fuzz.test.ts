// Clients of a world of blocks, held against a second world that is stepped through the journal:
// whatever the disk, the gateways and the players do, each chunk that a client has been told of is
// exactly as it was at the last committed tick, and nobody's bag or item is ahead of that.
import { expect, test } from "bun:test";
import { fromBinary } from "@bufbuild/protobuf";
import { TickSchema } from "#proto/frame_pb.ts";
import { TickInputsSchema } from "#proto/journal_pb.ts";
import { CellBytes } from "#shared/net/cell-bytes.ts";
import {
  BLOCKS_PARAMETERS,
  Block,
  BlocksKind,
  type BlocksWorld,
  chunkWith,
  createBlocks,
  createRandom,
  Item,
  type Random,
  readSlots,
  rowOf,
  stepBlocks,
} from "#shared/sim/index.ts";
import {
  type BlocksActionInit,
  BlocksOnlooker,
  BlocksWorkbench,
} from "../../testing/blocks-workbench.ts";
import { WantedCells } from "../wanted-cells.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];
const ROUNDS = 260;
const PLAYERS = [1, 2, 3];
/** Where they begin, in hundredths: beside each other, across the corner of four chunks. */
const START = 102_400;
const CELLS = BLOCKS_PARAMETERS.columns * BLOCKS_PARAMETERS.rows;

class Fuzz {
  readonly bench = new BlocksWorkbench();
  /** The world as of the last committed tick. */
  readonly truth: BlocksWorld = createBlocks({ ...BLOCKS_PARAMETERS, tickRate: 20, seed: 1 });
  readonly #random: Random;
  readonly #entities = new Map<number, number>();
  readonly #onlookers = new Map<number, BlocksOnlooker>();
  readonly #cells = new CellBytes(CELLS);
  readonly #wanted = new WantedCells(CELLS);
  #replayed = 0;
  #actions = 0;
  /** Frames that were looked at, and those that went out before their tick's commit. */
  frames = 0;
  behind = 0;
  proofs = 0;

  constructor(seed: number) {
    this.#random = createRandom(seed);
    for (const connection of PLAYERS) {
      const slots = [Block.Planks, 40, Item.Pickaxe, 1, Block.Brick, 40, Item.Bucket, 1];
      const x = START + connection * 120;
      this.#entities.set(connection, this.bench.enter(connection, { x, y: START, slots }));
    }
    this.#look();
  }

  round(): void {
    const { bench } = this;
    const inner = bench.bench;
    for (const connection of PLAYERS) if (this.#random.below(3) === 0) this.#play(connection);
    if (this.#random.below(40) === 0) inner.put({ kind: "lostBase", connection: this.#someone() });
    if (this.#random.below(25) === 0) this.#resize(this.#someone());
    inner.roomForFrames = this.#random.below(12) !== 0;
    inner.isDiskSlow = this.#random.below(3) !== 0;
    bench.tick();
    const { tick, committedTick } = inner.loop;
    if (inner.isDiskSlow && this.#random.below(3) === 0) {
      inner.sync(committedTick + this.#random.below(tick - committedTick + 1));
    }
    this.#look();
  }

  /** What clients are told is what is in the database when they are told. */
  #look(): void {
    const { frames } = this.bench.bench;
    for (const frame of frames.splice(0)) {
      this.frames += 1;
      if (frame.committedTick < frame.tick) this.behind += 1;
      this.#commit(frame.committedTick);
      const onlooker = this.#onlookers.get(frame.connection) ?? new BlocksOnlooker();
      this.#onlookers.set(frame.connection, onlooker);
      onlooker.take(frame.content);
      expect(onlooker.view.mismatches).toBe(0);
      if (frame.tick === this.bench.bench.loop.tick) this.#prove(onlooker);
      this.#compare(frame.connection, onlooker, frame.acked);
    }
  }

  /** The client has the hash that each chunk's keyframe would have. */
  #prove({ view }: BlocksOnlooker): void {
    const { world } = this.bench.bench;
    this.#wanted.clear();
    for (const cell of view.chunks.keys()) this.#wanted.addKeyframe(cell);
    this.#cells.writer.reset();
    this.#cells.reset();
    world.encodeCells(this.#cells, this.#wanted, 1);
    const { cells } = fromBinary(TickSchema, this.#cells.writer.view());
    for (const { cell, stateHash } of cells) {
      this.proofs += 1;
      expect(view.hashOf(cell), `hash of ${cell}`).toBe(stateHash);
    }
  }

  #compare(connection: number, { view, slots }: BlocksOnlooker, acked: boolean): void {
    for (const [cell, chunk] of view.chunks) {
      const truth = chunkWith(this.truth.chunks, cell);
      expect(Buffer.compare(bytes(chunk.ids), bytes(truth.ids)), `blocks of ${cell}`).toBe(0);
      expect(Buffer.compare(chunk.levels, truth.levels), `levels of ${cell}`).toBe(0);
    }
    const { columns } = this.truth.entities;
    for (const { id, kind, item, count, cell } of view.entities.values()) {
      expect(view.chunks.has(cell), "an entity in a chunk that is watched").toBe(true);
      if (kind !== BlocksKind.Item) continue;
      const row = rowOf(this.truth.entities, id);
      expect(row, "an item that is in the database").not.toBe(-1);
      expect([columns.item[row], columns.count[row]]).toEqual([item, count]);
    }
    if (!acked) return;
    const row = rowOf(this.truth.entities, this.#entities.get(connection) ?? 0);
    const bag = (columns.bag[row] ?? 0) - 1;
    expect([...slots]).toEqual(readSlots(this.truth, bag));
  }

  #play(connection: number): void {
    if (this.#random.below(3) === 0) {
      this.bench.move(connection, this.#random.below(3) - 1, this.#random.below(3) - 1);
      return;
    }
    const action = this.#action(connection);
    this.#actions += 1;
    this.bench.act(connection, action, action.case === "emote" ? undefined : this.#actions);
  }

  #action(connection: number): BlocksActionInit {
    const { self, view } = this.#onlookers.get(connection) ?? new BlocksOnlooker();
    const away = () => this.#random.below(7) - 3;
    const x = Math.floor((self?.x ?? START) / 100) + away();
    const y = Math.floor((self?.y ?? START) / 100) + away();
    const place = { x, y, layer: this.#random.below(3) };
    const lying = [...view.entities.values()].find(({ kind }) => kind === BlocksKind.Item);
    switch (this.#random.below(6)) {
      case 0:
      case 1:
        return { case: "buildBreak", value: { place } };
      case 2:
        return { case: "buildPlace", value: { place, slot: this.#random.below(2) * 2 } };
      case 3:
        return { case: "drop", value: { slot: this.#random.below(3), count: 1, x, y } };
      case 4:
        return { case: "pickup", value: { entity: lying?.id ?? 0 } };
      default:
        return { case: "useItem", value: { slot: 3, place } };
    }
  }

  #someone(): number {
    return PLAYERS[this.#random.below(PLAYERS.length)] ?? 1;
  }

  #resize(connection: number): void {
    const viewport = {
      width: 100 + this.#random.below(500),
      height: 100 + this.#random.below(500),
    };
    this.bench.bench.put({ kind: "viewport", connection, viewport });
  }

  /** Steps the second world to a tick that is in the database. */
  #commit(tick: number): void {
    const { records } = this.bench.bench;
    for (; this.#replayed < records.length; this.#replayed++) {
      const record = records[this.#replayed];
      if (record === undefined || record.tick > tick) break;
      stepBlocks(this.truth, fromBinary(TickInputsSchema, record.inputs).blocks);
    }
  }
}

function bytes({ buffer, byteOffset, byteLength }: Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

for (const seed of SEEDS) {
  test(`what clients are shown is what is in the database (seed ${seed})`, () => {
    const fuzz = new Fuzz(seed);
    for (let round = 0; round < ROUNDS; round++) fuzz.round();
    expect(fuzz.frames).toBeGreaterThan(ROUNDS);
    expect(fuzz.behind).toBeGreaterThan(20);
    expect(fuzz.proofs).toBeGreaterThan(ROUNDS);
  });
}
