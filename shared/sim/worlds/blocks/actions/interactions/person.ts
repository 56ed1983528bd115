import { RejectionReason } from "#proto/frame_pb.ts";
import { randomUint32, scaleRandom } from "../../../../kernel/random.ts";
import { WARES, type Ware } from "../../creatures/wares.ts";
import { countInBag, hasRoom, putIntoBag, takeFromBag } from "../../entities/bags.ts";
import { BlocksKind } from "../../entities/kinds.ts";
import { NO_CHEST, openChest } from "../../entities/open-chests.ts";
import { Item } from "../../items/items.ts";
import type { BlocksWorld } from "../../world.ts";
import { bagOf } from "../reach.ts";
import type { Interaction } from "./interaction.ts";

/** Lines that each person knows, and what a trader says of a sale. */
export const PERSON_LINES = 4;
export const SOLD_LINE = 100;

const SALT_LINE = 0x700;

/** Talks; a trader sells what it has for coins. */
export const person: Interaction = {
  check(world, row, { on, choice }) {
    if (choice === 0) return null;
    if (world.entities.columns.kind[on] !== BlocksKind.Trader) return RejectionReason.INVALID;
    const ware = WARES[choice - 1];
    if (ware === undefined) return RejectionReason.INVALID;
    return whyNotSell(world, { seller: bagOf(world, on), buyer: bagOf(world, row), ware });
  },

  apply(world, row, { on, choice }) {
    openChest(world, bagOf(world, row), NO_CHEST);
    const { ids } = world.entities;
    const entity = ids[on] ?? 0;
    const listener = ids[row] ?? 0;
    const ware = WARES[choice - 1];
    if (choice === 0 || ware === undefined) {
      const bits = randomUint32(world.parameters.seed, world.tick, entity, SALT_LINE);
      world.effects.lines.push({ entity, listener, line: scaleRandom(bits, PERSON_LINES) });
      return;
    }
    sell(world, { seller: bagOf(world, on), buyer: bagOf(world, row), ware });
    world.effects.lines.push({ entity, listener, line: SOLD_LINE });
  },
};

interface Sale {
  /** Rows of bags. */
  readonly seller: number;
  readonly buyer: number;
  readonly ware: Ware;
}

function whyNotSell(world: BlocksWorld, { seller, buyer, ware }: Sale): RejectionReason | null {
  const { item, count, price } = ware;
  if (countInBag(world, seller, item) < count) return RejectionReason.UNAVAILABLE;
  if (countInBag(world, buyer, Item.Coin) < price) return RejectionReason.UNAFFORDABLE;
  const pay = { item: Item.Coin, count: price };
  const fits = hasRoom(world, buyer, { item, count }) && hasRoom(world, seller, pay);
  return fits ? null : RejectionReason.OCCUPIED;
}

/** Goods and coins change hands in one step. */
function sell(world: BlocksWorld, { seller, buyer, ware }: Sale): void {
  const goods = { item: ware.item, count: ware.count };
  const pay = { item: Item.Coin, count: ware.price };
  takeFromBag(world, buyer, pay);
  takeFromBag(world, seller, goods);
  putIntoBag(world, buyer, goods);
  putIntoBag(world, seller, pay);
}
