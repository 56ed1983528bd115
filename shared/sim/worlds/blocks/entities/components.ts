import type { ColumnSchema } from "../../../kernel/entity-table.ts";
import { SLOTS } from "../constants.ts";

/** What the world knows of everything that is in it and is no block. */
export const entityColumns = {
  /** `BlocksKind`. */
  kind: "u8",
  /** Middle of it, in hundredths of a block. */
  x: "u32",
  y: "u32",
  /** Of a player the held controls, of a creature where it walks: -1, 0 or 1. */
  dx: "i8",
  dy: "i8",
  /** 0 to 7, from east over south. */
  facing: "u8",
  /** 0 for a dead player, and for what has none. */
  health: "u8",
  /** Row of its bag, and 1; 0 when it has none. */
  bag: "u32",
  /** First tick in which it may strike again. */
  attackReadyTick: "u32",
  /** Of a creature: `Mood`. */
  mood: "u8",
  /** First tick in which the mood is over. */
  moodEndTick: "u32",
  /** Whom it flees or hunts; an entity. */
  target: "u32",
  /** Around where it wanders, in blocks. */
  homeX: "u16",
  homeY: "u16",
  /** Of an animal: when it would have been full. */
  fedTick: "u32",
  /** Of what lies on the ground. */
  item: "u16",
  count: "u8",
} as const satisfies ColumnSchema;

/** What waits until there is room to lie on the ground; see `spill.ts`. */
export const waitingColumns = {
  /** Of the block on which it is to lie. */
  x: "u16",
  y: "u16",
  item: "u16",
  /** More than a stack where equal items wait together. */
  count: "u32",
} as const satisfies ColumnSchema;

type SlotColumns = Record<`item${number}`, "u16"> & Record<`count${number}`, "u8">;

type BagColumns = SlotColumns & {
  /** The entity whose bag it is. */
  readonly owner: "u32";
  /** Last command that was applied or rejected. */
  readonly sequence: "u32";
  /** Cell of the chest that it has open, and 1; 0 when it has none. */
  readonly chest: "u32";
  /** Empty for a trader. */
  readonly playerId: "string";
  readonly name: "string";
};

/** Bags of players and traders: one row for each, with 36 slots. */
export const bagColumns: BagColumns = {
  owner: "u32",
  sequence: "u32",
  chest: "u32",
  playerId: "string",
  name: "string",
  ...createSlotColumns(),
};

function createSlotColumns(): SlotColumns {
  const columns: SlotColumns = {};
  for (let slot = 0; slot < SLOTS; slot++) {
    columns[`item${slot}`] = "u16";
    columns[`count${slot}`] = "u8";
  }
  return columns;
}
