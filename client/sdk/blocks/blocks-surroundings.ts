import type { BlocksEvent } from "#proto/blocks_pb.ts";
import type { Tick } from "#proto/frame_pb.ts";
import { BlocksView, type KnownBlocksEntity } from "#shared/net/blocks-view.ts";
import { type BlocksParameters, type BlocksSelf, CHEST_SLOTS, SLOTS } from "#shared/sim/index.ts";
import { BlocksPrediction } from "../../prediction/blocks-prediction.ts";
import type { Surroundings } from "../client-world.ts";
import { encodeResync } from "../encoder.ts";
import type {
  BlocksChestView,
  BlocksChunkEvent,
  BlocksSelfState,
  BlocksSessionEvent,
  BlocksSlot,
} from "./blocks-session-types.ts";
import { BlocksTrack } from "./blocks-track.ts";
import type { BlocksAround, BlocksTypes } from "./blocks-types.ts";
import { Land } from "./land.ts";

const EMPTY: BlocksSlot = { item: 0, count: 0 };

export interface BlocksSurroundingsOptions {
  readonly parameters: BlocksParameters;
  readonly entityId: number;
  readonly send: (frame: Uint8Array) => void;
  readonly chunk: (event: BlocksChunkEvent) => void;
  readonly self: (state: BlocksSelfState) => void;
}

/** The land in sight and who is there, and what the own player has. */
export class BlocksSurroundings implements Surroundings<BlocksTypes>, BlocksAround {
  readonly land: Land;
  /** Everyone in sight, and who was a moment ago. */
  readonly tracks = new Map<number, BlocksTrack>();
  selfState: BlocksSelfState = {
    health: 0,
    attackReadyTick: 0,
    inventory: [],
    chest: null,
  };
  readonly #options: BlocksSurroundingsOptions;
  readonly #view: BlocksView;
  #selfChanged = false;

  constructor(options: BlocksSurroundingsOptions) {
    this.#options = options;
    this.land = new Land(options.parameters, options.chunk);
    this.#view = new BlocksView(options.parameters, {
      told: (entity) => this.#told(entity),
      forgotten: ({ id }) => this.#forgotten(id),
      loaded: (cell, chunk) => this.land.load(cell, chunk),
      changed: (cell, index) => this.land.change(cell, index),
      unloaded: (cell) => this.land.unload(cell),
    });
  }

  get stateChecks(): number {
    return this.#view.checks;
  }

  get stateMismatches(): number {
    return this.#view.mismatches;
  }

  apply(frame: Tick): void {
    this.#view.apply(frame);
    this.land.told(frame.tick);
  }

  events(): BlocksSessionEvent[] {
    return this.#view.events.flatMap((message) => readEvent(message) ?? []);
  }

  acknowledged({ ack }: Tick): { sequence: number; self: BlocksSelf } | undefined {
    if (ack?.self.case !== "blocks") return undefined;
    this.#learn(ack.self.value);
    return { sequence: ack.sequence, self: ack.self.value };
  }

  predict(): BlocksPrediction {
    return new BlocksPrediction({ world: this.land.world, entity: this.#options.entityId });
  }

  tell(): void {
    const { wrongCells } = this.#view;
    if (wrongCells.length > 0) this.#options.send(encodeResync(wrongCells));
    if (this.#selfChanged) this.#options.self(this.selfState);
    this.#selfChanged = false;
  }

  close(): void {
    this.#view.clear();
  }

  /** A player's name; empty while it is not known. */
  nameOf(entity: number): string {
    return this.#view.entities.get(entity)?.name ?? "";
  }

  #told(entity: KnownBlocksEntity): void {
    if (entity.id === this.#options.entityId) return;
    const known = this.tracks.get(entity.id);
    const track = known ?? new BlocksTrack();
    track.goneTick = 0;
    track.push(entity);
    if (known === undefined) this.tracks.set(entity.id, track);
  }

  #forgotten(id: number): void {
    const track = this.tracks.get(id);
    if (track !== undefined) track.goneTick = this.#view.tick;
  }

  #learn({ health, attackReadyTick, inventory, chest }: BlocksSelf): void {
    const before = this.selfState;
    const slots = inventory === undefined ? before.inventory : slotsOf(inventory.slots, SLOTS);
    const open = chest === undefined ? before.chest : chestOf(chest);
    this.selfState = { health, attackReadyTick, inventory: slots, chest: open };
    const isSame = health === before.health && slots === before.inventory && open === before.chest;
    if (!isSame) this.#selfChanged = true;
  }
}

function chestOf({ place, slots }: NonNullable<BlocksSelf["chest"]>): BlocksChestView | null {
  if (place === undefined) return null;
  const { x, y, layer } = place;
  return { place: { x, y, layer }, slots: slotsOf(slots, CHEST_SLOTS) };
}

function slotsOf(values: readonly number[], length: number): BlocksSlot[] {
  return Array.from({ length }, (_, slot) => {
    const [item = 0, count = 0] = values.slice(slot * 2, slot * 2 + 2);
    return count === 0 ? EMPTY : { item, count };
  });
}

function readEvent({ event }: BlocksEvent): BlocksSessionEvent | undefined {
  switch (event.case) {
    case "hit": {
      const { attacker, target, damage } = event.value;
      return { type: "hit", attacker, target, damage };
    }
    case "death":
      return { type: "death", entity: event.value.entity, killer: event.value.killer };
    case "emoted":
      return { type: "emote", entity: event.value.entity, emote: event.value.emote };
    case "said":
      return { type: "said", entity: event.value.entity, line: event.value.line };
    default:
      return undefined;
  }
}
