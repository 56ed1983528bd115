import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  BlocksInputSchema,
  BlocksPresentSchema,
  type BlocksInput as InputMessage,
} from "#proto/blocks_pb.ts";
import { type BlocksWorld, rowOf, stampBits, toRemotes } from "#shared/sim/index.ts";
import type { CellChanges } from "#shared/time/cell-changes.ts";
import type { CellRegister } from "#shared/time/cell-register.ts";
import type { Stamp } from "#shared/time/hybrid-clock.ts";
import type { MirroredLand } from "../mirrored-land.ts";

/** Players of a region that others show; further ones are in the world, but not shown elsewhere. */
const PRESENT_MAX = 500;

type MirrorParts = Parameters<MirroredLand["mirror"]>[0];

/** The blocks of a world, as the regions have them in common. */
export class RegionLand implements MirroredLand {
  readonly #world: BlocksWorld;
  #parts: MirrorParts | undefined;
  #remote: InputMessage[] = [];

  constructor(world: BlocksWorld) {
    this.#world = world;
  }

  get register(): CellRegister {
    return this.#world.mirror.register;
  }

  get seen(): Stamp {
    return this.#world.mirror.seen;
  }

  mirror(parts: MirrorParts): void {
    this.#parts = parts;
  }

  queueRemote(changes: CellChanges): void {
    for (const { region, cells } of toRemotes(changes, this.register.regions)) {
      const value = { region, cells: [...cells] };
      this.#remote.push(create(BlocksInputSchema, { input: { case: "remote", value } }));
    }
  }

  present(): Uint8Array {
    const { entities, bags, bagByPlayer } = this.#world;
    const { x, y, facing, health } = entities.columns;
    const players = [...bagByPlayer.values()].slice(0, PRESENT_MAX).map((bag) => {
      const entity = bags.columns.owner[bag] ?? 0;
      const row = rowOf(entities, entity);
      return {
        entity,
        name: bags.columns.name[bag] ?? "",
        x: x[row] ?? 0,
        y: y[row] ?? 0,
        facing: facing[row] ?? 0,
        health: health[row] ?? 0,
      };
    });
    return toBinary(BlocksPresentSchema, create(BlocksPresentSchema, { players }));
  }

  queuePresent(region: string, present: Uint8Array | undefined): void {
    const ghosts = present === undefined ? [] : fromBinary(BlocksPresentSchema, present).players;
    const value = { region, ghosts: ghosts.slice(0, PRESENT_MAX) };
    this.#remote.push(create(BlocksInputSchema, { input: { case: "ghosts", value } }));
  }

  /** What a tick begins with; nothing in a world that is not mirrored. */
  takeInputs(): InputMessage[] {
    if (this.#parts === undefined) return [];
    const { region, stamp, anewAfter, forgetBefore } = this.#parts.stamp();
    const value = {
      region,
      stamp: stampBits(stamp),
      ...(anewAfter && { anewAfter: stampBits(anewAfter) }),
      ...(forgetBefore && { forgetBefore: stampBits(forgetBefore) }),
    };
    const remote = this.#remote;
    this.#remote = [];
    return [create(BlocksInputSchema, { input: { case: "stamp", value } }), ...remote];
  }

  /** The tick that began with those is over. */
  stepped(): void {
    const { tick, effects } = this.#world;
    const lost = effects.remotes.reduce((sum, each) => sum + each.lost, 0);
    this.#parts?.stepped({ tick, written: effects.stamped, lost });
  }
}
