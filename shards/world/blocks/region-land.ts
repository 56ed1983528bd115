import { create } from "@bufbuild/protobuf";
import { BlocksInputSchema, type BlocksInput as InputMessage } from "#proto/blocks_pb.ts";
import { type BlocksWorld, stampBits, toRemotes } from "#shared/sim/index.ts";
import type { CellChanges } from "#shared/time/cell-changes.ts";
import type { CellRegister } from "#shared/time/cell-register.ts";
import type { Stamp } from "#shared/time/hybrid-clock.ts";
import type { MirroredLand } from "../mirrored-land.ts";

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
