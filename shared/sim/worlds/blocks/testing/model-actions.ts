import { RejectionReason } from "#proto/frame_pb.ts";
import { Block } from "../blocks/block-ids.ts";
import { Item } from "../items/items.ts";
import { placeOf } from "../layout.ts";
import type { BlocksAction, BlocksPlace } from "../messages.ts";
import {
  blockOf,
  findEntity,
  hasRoom,
  isFree,
  lay,
  type Model,
  type ModelEntity,
  type ModelStack,
  playersOf,
  putBlock,
  remove,
  stackOf,
} from "./model.ts";

type Known = Exclude<BlocksAction["action"], { readonly case: undefined | "respawn" }>;

const { UNSPECIFIED, INVALID, COOLDOWN, UNAFFORDABLE, UNAVAILABLE, TOO_FAR, OCCUPIED, ELSEWHERE } =
  RejectionReason;

/** Does what a living player wants, or says why not. */
export function tryAction(model: Model, me: ModelEntity, action: Known): RejectionReason {
  switch (action.case) {
    case "emote":
      return action.value.emote <= 31 ? UNSPECIFIED : INVALID;
    case "attack":
      return attack(model, me, action.value.entity);
    case "pickup":
      return pickup(model, me, action.value.entity);
    case "drop":
      return drop(model, me, action.value);
    case "buildPlace":
      return build(model, me, action.value);
    case "buildBreak": {
      const spot = target(model, me, action.value.place);
      if (typeof spot === "number") return spot;
      const armed = me.slots.some((stack) => stack?.item === Item.Pickaxe);
      return dig(model, spot, armed ? 5 : 2);
    }
    case "useItem":
      return use(model, me, action.value);
    case "interact":
      return action.value.target.case === "place"
        ? interact(model, me, action.value.target.value, action.value.choice)
        : missing(action.value.target.value ?? 0);
    default:
      // Does not compile once there is an action that this model does not know.
      return action satisfies never;
  }
}

interface Spot {
  cell: number;
  id: number;
  level: number;
}

function far(me: ModelEntity, x: number, y: number): number {
  return Math.sqrt((me.x - x) ** 2 + (me.y - y) ** 2);
}

function target(
  model: Model,
  me: ModelEntity,
  place: BlocksPlace | undefined,
  reach = 500,
): Spot | RejectionReason {
  const spot = place && blockOf(model, place.x, place.y, place.layer);
  if (place === undefined || spot === undefined) return INVALID;
  return far(me, place.x * 100 + 50, place.y * 100 + 50) > reach ? TOO_FAR : spot;
}

/** Ids whose lower 20 bits are from 524,288 up to 540,671 are of people of other regions. */
function missing(id: number): RejectionReason {
  const row = id % 1_048_576;
  return row >= 524_288 && row < 540_672 ? ELSEWHERE : UNAVAILABLE;
}

function attack(model: Model, me: ModelEntity, id: number): RejectionReason {
  const other = findEntity(model, id);
  if (other === me) return INVALID;
  if (other === undefined || id === 0) return missing(id);
  if (far(me, other.x, other.y) > 200) return TOO_FAR;
  if (other.player === undefined) return INVALID;
  if (other.health === 0) return UNAVAILABLE;
  if (model.land.tick < me.readyTick) return COOLDOWN;
  me.readyTick = model.land.tick + Math.ceil(model.land.world.parameters.tickRate / 2);
  other.health = Math.max(0, other.health - 10);
  return UNSPECIFIED;
}

function pickup(model: Model, me: ModelEntity, id: number): RejectionReason {
  const other = findEntity(model, id);
  if (other === me) return INVALID;
  if (other === undefined || id === 0) return missing(id);
  if (far(me, other.x, other.y) > 200) return TOO_FAR;
  const stack = other.slots[0];
  if (other.player !== undefined || stack === undefined) return INVALID;
  if (!put(me, stack)) return OCCUPIED;
  remove(model, id);
  return UNSPECIFIED;
}

/** Puts all of a stack into the slots, or nothing of it. */
function put(me: ModelEntity, { item, count }: ModelStack): boolean {
  const before = me.slots.map((stack) => stack && { ...stack });
  for (let left = count; left > 0; left--) {
    const room = (stack: ModelStack | undefined) =>
      stack?.item === item && stack.count < stackOf(item);
    let slot = me.slots.findIndex(room);
    if (slot === -1) slot = me.slots.indexOf(undefined);
    if (slot === -1) {
      me.slots = before;
      return false;
    }
    me.slots[slot] = { item, count: (me.slots[slot]?.count ?? 0) + 1 };
  }
  return true;
}

function take(me: ModelEntity, slot: number, count: number): void {
  const stack = me.slots[slot];
  if (stack === undefined) return;
  stack.count -= count;
  if (stack.count === 0) me.slots[slot] = undefined;
}

function drop(
  model: Model,
  me: ModelEntity,
  { slot, count, x, y }: { slot: number; count: number; x: number; y: number },
): RejectionReason {
  if (slot > 35) return INVALID;
  const stack = me.slots[slot];
  if (stack === undefined || count > stack.count) return UNAFFORDABLE;
  const spot = target(model, me, { x, y, layer: 1 }, 200);
  if (typeof spot === "number") return spot;
  if (!isFree(model, x, y)) return OCCUPIED;
  const dropped = count === 0 ? stack.count : count;
  if (!lay(model, spot.cell, { item: stack.item, count: dropped })) return UNAVAILABLE;
  take(me, slot, dropped);
  return UNSPECIFIED;
}

function build(
  model: Model,
  me: ModelEntity,
  { slot, place }: { slot: number; place?: BlocksPlace | undefined },
): RejectionReason {
  if (slot > 35) return INVALID;
  const item = me.slots[slot]?.item;
  if (item === undefined) return UNAFFORDABLE;
  if (item > 1000) return INVALID;
  const spot = target(model, me, place);
  if (typeof spot === "number") return spot;
  if (spot.id !== Block.Air) return OCCUPIED;
  const solid = item !== Block.Water && item !== Block.DeepWater;
  if (place?.layer === 1 && solid && isAnybodyIn(model, place.x, place.y)) return OCCUPIED;
  take(me, slot, 1);
  const first: Record<number, number> = { [Block.Stone]: 10, [Block.Ore]: 10, [Block.Water]: 7 };
  putBlock(model, spot.cell, item, first[item] ?? 0);
  const above = place?.layer === 1 ? blockOf(model, place.x, place.y, 2) : undefined;
  const grows = item === Block.Tree || item === Block.Cactus;
  if (grows && above?.id === Block.Air) putBlock(model, above.cell, item);
  return UNSPECIFIED;
}

function isAnybodyIn(model: Model, x: number, y: number): boolean {
  return playersOf(model).some(
    (other) =>
      other.health > 0 &&
      other.x + 40 > x * 100 &&
      other.x - 40 < x * 100 + 100 &&
      other.y + 40 > y * 100 &&
      other.y - 40 < y * 100 + 100,
  );
}

function dig(model: Model, { cell, id, level }: Spot, strength: number): RejectionReason {
  if ([0, 3, 6, 1001].includes(id)) return INVALID;
  if (model.chests.get(cell)?.some((stack) => stack !== undefined)) return OCCUPIED;
  if (!hasRoom(model)) return UNAVAILABLE;
  const hard = id === Block.Stone || id === Block.Ore;
  if (id === Block.Grass) putBlock(model, cell, Block.Dirt, 2);
  else if (hard && level > strength) {
    // A blow wakes nobody.
    model.land.cells.set(cell, { id, level: level - strength });
  } else {
    const { x, y, layer } = placeOf(model.land.world.shape, cell);
    const above = layer === 1 ? blockOf(model, x, y, 2) : undefined;
    const grows = id === Block.Tree || id === Block.Cactus;
    if (grows && above?.id === id) putBlock(model, above.cell, Block.Air);
    putBlock(model, cell, Block.Air);
    lay(model, cell, { item: id, count: 1 });
  }
  return UNSPECIFIED;
}

function use(
  model: Model,
  me: ModelEntity,
  { slot, place }: { slot: number; place?: BlocksPlace | undefined },
): RejectionReason {
  if (slot > 35) return INVALID;
  const stack = me.slots[slot];
  if (stack === undefined) return UNAFFORDABLE;
  const { item } = stack;
  if (item === Item.HealingPotion) {
    if (me.health >= 100) return UNAVAILABLE;
    me.health = Math.min(100, me.health + 40);
    take(me, slot, 1);
    return UNSPECIFIED;
  }
  const tools: number[] = [2001, 2002, 2003, 2004, 2005];
  if (!tools.includes(item)) return INVALID;
  const spot = target(model, me, place);
  if (typeof spot === "number") return spot;
  if (item === Item.Pickaxe) return dig(model, spot, 5);
  const reason = useOnLand(model, spot, item);
  if (reason !== UNSPECIFIED) return reason;
  take(me, slot, 1);
  if (item === Item.Bucket) put(me, { item: Item.WaterBucket, count: 1 });
  if (item === Item.WaterBucket) put(me, { item: Item.Bucket, count: 1 });
  return UNSPECIFIED;
}

function useOnLand(model: Model, { cell, id, level }: Spot, item: number): RejectionReason {
  switch (item) {
    case Item.Seeds:
      if (id !== Block.Dirt) return INVALID;
      putBlock(model, cell, Block.Grass);
      return UNSPECIFIED;
    case Item.Fertiliser:
      if (id !== Block.Grass) return INVALID;
      if (level >= 5) return UNAVAILABLE;
      putBlock(model, cell, Block.Grass, level + 1);
      return UNSPECIFIED;
    case Item.Bucket:
      if (id !== Block.Water) return INVALID;
      putBlock(model, cell, level > 3 ? Block.Water : Block.Air, level - 3);
      return UNSPECIFIED;
    default:
      if (id === Block.Air) putBlock(model, cell, Block.Water, 3);
      else if (id !== Block.Dirt) return INVALID;
      else if (level >= 10) return UNAVAILABLE;
      else putBlock(model, cell, Block.Dirt, Math.min(10, level + 2));
      return UNSPECIFIED;
  }
}

function interact(
  model: Model,
  me: ModelEntity,
  place: BlocksPlace,
  choice: number,
): RejectionReason {
  const spot = target(model, me, place, 300);
  if (typeof spot === "number") return spot;
  if (spot.id === Block.Door) {
    if (choice !== 0) return INVALID;
    if (spot.level === 1 && isAnybodyIn(model, place.x, place.y)) return OCCUPIED;
    // Nor does a door.
    model.land.cells.set(spot.cell, { id: Block.Door, level: 1 - spot.level });
    return UNSPECIFIED;
  }
  if (spot.id !== Block.Chest) return INVALID;
  if (choice === 0) return UNSPECIFIED;
  const chest =
    model.chests.get(spot.cell) ?? new Array<ModelStack | undefined>(27).fill(undefined);
  model.chests.set(spot.cell, chest);
  if (choice <= 27) {
    const stack = chest[choice - 1];
    if (stack === undefined) return UNAVAILABLE;
    if (!put(me, stack)) return OCCUPIED;
    chest[choice - 1] = undefined;
    return UNSPECIFIED;
  }
  if (choice < 101 || choice > 136) return INVALID;
  const own = me.slots[choice - 101];
  if (own === undefined) return UNAFFORDABLE;
  const free = chest.indexOf(undefined);
  if (free === -1) return OCCUPIED;
  chest[free] = { ...own };
  me.slots[choice - 101] = undefined;
  return UNSPECIFIED;
}
