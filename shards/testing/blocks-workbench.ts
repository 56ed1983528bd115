import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type BlocksActionSchema,
  type BlocksPlayer,
  BlocksPlayerSchema,
  type BlocksSelf,
} from "#proto/blocks_pb.ts";
import { InputSchema, IntentSchema, type Tick } from "#proto/frame_pb.ts";
import { BlocksView } from "#shared/net/blocks-view.ts";
import { BLOCKS_PARAMETERS } from "#shared/sim/index.ts";
import { blocksFactory } from "../world/blocks/blocks-shard-world.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { LoopWorkbench, makeActionId } from "./loop-workbench.ts";

/** What a player does. */
export type BlocksActionInit = NonNullable<MessageInitShape<typeof BlocksActionSchema>["action"]>;

/** A player who was here before, unhurt, in the middle of block (1024, 1024). */
const SOMEBODY = { x: 102_450, y: 102_450, facing: 0, health: 100, slots: [] };

/** One client's knowledge, from the frames that it got. */
export class BlocksOnlooker {
  readonly view = new BlocksView({ ...BLOCKS_PARAMETERS, tickRate: 20 });
  /** As it was told last. */
  self: BlocksSelf | undefined;
  slots: readonly number[] = [];
  taken = 0;

  take(frame: Tick): void {
    this.view.apply(frame);
    if (frame.ack?.self.case !== "blocks") return;
    this.self = frame.ack.self.value;
    this.slots = this.self.inventory?.slots ?? this.slots;
  }
}

/** A loop on a workbench with a world of blocks in it, and what its clients know of that. */
export class BlocksWorkbench {
  readonly bench: LoopWorkbench;
  readonly #onlookers = new Map<number, BlocksOnlooker>();
  readonly #sequences = new Map<number, number>();

  constructor(world: ShardWorld = blocksFactory.create({ tickRate: 20, seed: 1, capacity: 50 })) {
    this.bench = new LoopWorkbench({ world });
  }

  /** A player comes in; the result is its entity. */
  enter(connection: number, player: Partial<BlocksPlayer> = {}): number {
    this.bench.join(connection, `player-${connection}`);
    this.bench.tick();
    const kept = create(BlocksPlayerSchema, { ...SOMEBODY, ...player });
    this.bench.answerLoad(toBinary(BlocksPlayerSchema, kept));
    this.bench.tick();
    this.#onlookers.set(connection, new BlocksOnlooker());
    this.#sequences.set(connection, 0);
    return this.bench.welcomeOf(connection).entity;
  }

  /** What a client knows by now. */
  onlooker(connection: number): BlocksOnlooker {
    const onlooker = this.#onlookers.get(connection);
    if (onlooker === undefined) throw new Error(`cannot look: connection ${connection} is not in`);
    for (const frame of this.bench.frames.slice(onlooker.taken)) {
      if (frame.connection === connection) onlooker.take(frame.content);
    }
    onlooker.taken = this.bench.frames.length;
    return onlooker;
  }

  move(connection: number, dx: number, dy: number): void {
    const sequence = this.#next(connection);
    const controls = { case: "blocks" as const, value: { dx, dy } };
    this.bench.put({
      kind: "command",
      connection,
      message: create(InputSchema, { sequence, tick: 0, controls }),
    });
  }

  /** A player does something; with an id when it is durable. */
  act(connection: number, action: BlocksActionInit, id?: number): void {
    const sequence = this.#next(connection);
    const message = create(IntentSchema, {
      sequence,
      action: { case: "blocks", value: { action } },
      ...(id !== undefined && { actionId: makeActionId(id) }),
    });
    this.bench.put({ kind: "command", connection, message });
  }

  tick(count = 1): void {
    this.bench.tick(count);
  }

  #next(connection: number): number {
    const sequence = (this.#sequences.get(connection) ?? 0) + 1;
    this.#sequences.set(connection, sequence);
    return sequence;
  }
}
