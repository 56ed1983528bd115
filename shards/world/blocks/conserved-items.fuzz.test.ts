// No item is ever doubled or lost: a world with hardly any room, in which players and another
// region do whatever they can. After each tick all items that there are, in bags, in chests, on the
// ground, waiting, and with players who left, are those of before, and what the rules made or used
// up. Now and then the process is killed: the world goes on from a snapshot and the journal, from
// the last tick or, when the disk did not have that yet, from one a little earlier.
// Repeat one seed with: bun test shards/world/blocks/conserved-items.fuzz.test.ts -t "seed 3$"
import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import {
  BLOCKS_UNIT,
  Block,
  type BlocksAction,
  type BlocksInput,
  BlocksKind,
  type BlocksPlayer,
  type BlocksWorld,
  blockIn,
  blocksLayout,
  CHEST_SLOTS,
  CREATURES,
  createRandom,
  hashBlocks,
  Item,
  type Random,
  rowOf,
  spawnCreature,
  stackIn,
  stampBits,
  stepBlocks,
} from "#shared/sim/index.ts";
import { placeBlock } from "#shared/sim/worlds/blocks/blocks/block-behaviours.ts";
import { hasCreatureRoom } from "#shared/sim/worlds/blocks/creatures/spawn-creature.ts";
import { writeChestSlot } from "#shared/sim/worlds/blocks/entities/chests.ts";
import { createFlat } from "#shared/sim/worlds/blocks/testing/flat-world.ts";
import { actionInput, joinInput, leaveInput } from "#shared/sim/worlds/blocks/testing/inputs.ts";
import {
  addItems,
  addSlots,
  countItems,
  type ItemCount,
} from "#shared/sim/worlds/blocks/testing/item-count.ts";
import { makeStamp } from "#shared/time/hybrid-clock.ts";
import { decodeBlocksSnapshot, encodeBlocksSnapshot } from "./blocks-snapshot.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];
const TICKS = 3_000;
/** Of 8 bags 7 are for players, so there is room for about twenty things. */
const ROOM = { entities: 28, bags: 8, waiting: 60 };
const PLAYERS = 7;
/** The land where everybody is; chests that another region writes to are in its first rows. */
const LEFT = 18;
const SIDE = 7;
const CHEST_ROWS = 2;
/** Ticks after which a snapshot is taken. */
const SNAPSHOT_EVERY = 60;

/** What is in the world and beside it, at the end of a tick. */
interface Ledger {
  readonly items: ItemCount;
  /** What is kept of those who left. */
  readonly kept: Map<string, BlocksPlayer>;
}

interface Run {
  world: BlocksWorld;
  ledger: Ledger;
  snapshot: Uint8Array;
  /** Since the snapshot: the inputs of each tick, and what was true after it. */
  journal: { readonly inputs: readonly BlocksInput[]; readonly ledger: Ledger }[];
  readonly seen: Record<"waiting" | "full" | "spilled" | "killed" | "done", number>;
}

test.each(SEEDS)(
  "nothing is doubled or lost with seed %d",
  (seed) => {
    const random = createRandom(seed);
    const run = startRun(seed);
    for (let turn = 1; turn <= TICKS; turn++) {
      const repeat = `seed ${seed}, turn ${turn}`;
      playTick(random, run);
      expect(sorted(everything(run)), repeat).toEqual(sorted(run.ledger.items));
      if (random.below(50) === 0) killAndRestore(random, run);
      if (run.journal.length >= SNAPSHOT_EVERY) {
        run.snapshot = encodeBlocksSnapshot(run.world);
        run.journal = [];
      }
    }
    // Each seed has been where it is hard.
    for (const [what, often] of Object.entries(run.seen)) {
      expect(often, `${what} with seed ${seed}`).toBeGreaterThan(5);
    }
  },
  60_000,
);

function startRun(seed: number): Run {
  const world = createFlat(seed, 3, ROOM);
  for (let x = 0; x < SIDE; x++) {
    for (let y = 0; y < CHEST_ROWS; y++) placeBlock(world, cellOf(world, x, y), Block.Chest);
  }
  // One is nearly full.
  for (let slot = 1; slot < CHEST_SLOTS; slot++) {
    const stack = { item: Block.Glass, count: 60 };
    writeChestSlot(world, cellOf(world, 2, 1), { slot, stack });
  }
  const { Brick, Planks, Door, Chest, Stone } = Block;
  const { Bucket, Seeds, Pickaxe, Fertiliser, HealingPotion, WaterBucket } = Item;
  const slots = [
    [...[Brick, 64, Planks, 64, Chest, 20, Bucket, 1, Seeds, 30, Pickaxe, 1]],
    [...[Door, 9, Stone, 64, Fertiliser, 20, HealingPotion, 40, WaterBucket, 1, Brick, 1]],
    // Hardly any room: whatever does not fit must be refused.
    [Bucket, 1, Brick, 60, ...Array.from({ length: 33 }, () => [Block.Sand, 62]).flat()],
  ];
  const joins = Array.from({ length: PLAYERS }, (_, index) =>
    joinInput(`p${index}`, { x: (LEFT + index) * BLOCKS_UNIT + 50, slots: slots[index % 3] ?? [] }),
  );
  stepBlocks(world, joins);
  const ledger = { items: countItems(world), kept: new Map<string, BlocksPlayer>() };
  const seen = { waiting: 0, full: 0, spilled: 0, killed: 0, done: 0 };
  return { world, ledger, snapshot: encodeBlocksSnapshot(world), journal: [], seen };
}

/** One thing happens; the ledger learns of it by the rules, not by what the world did. */
function playTick(random: Random, run: Run): void {
  const { world } = run;
  if (random.below(40) === 0) addCow(run);
  const ledger = { items: new Map(run.ledger.items), kept: new Map(run.ledger.kept) };
  const inputs = anyInputs(random, run);
  const waiting = world.waiting.population;
  const settle = expectOf(world, inputs[1], ledger.items);
  stepBlocks(world, inputs);
  const reason = world.effects.outcomes[0]?.reason;
  if (reason === RejectionReason.UNSPECIFIED) settle();
  for (const { playerId, player } of world.effects.departed) ledger.kept.set(playerId, player);
  for (const { playerId } of world.effects.joined) ledger.kept.delete(playerId);
  for (const { kind } of world.effects.vanished) {
    for (const { item, count } of CREATURES.get(kind)?.drops ?? []) {
      addItems(ledger.items, item, count);
    }
  }
  run.ledger = ledger;
  run.journal.push({ inputs, ledger });
  const { seen } = run;
  if (waiting > 0) seen.waiting += 1;
  if (world.waiting.population > waiting) seen.spilled += 1;
  if (reason === RejectionReason.UNAVAILABLE) seen.full += 1;
  if (reason === RejectionReason.UNSPECIFIED) seen.done += 1;
}

/** One that comes from nowhere is in no journal: what follows starts from a snapshot. */
function addCow(run: Run): void {
  if (!hasCreatureRoom(run.world)) return;
  spawnCreature(run.world, BlocksKind.Cow, { x: LEFT + 3, y: LEFT + 3 });
  run.journal = [];
  run.snapshot = encodeBlocksSnapshot(run.world);
}

/** What an action will have made or used up, if it is done. */
function expectOf(
  world: BlocksWorld,
  { input }: BlocksInput = { input: { case: undefined } },
  items: ItemCount,
): () => void {
  if (input.case !== "command" || input.value.command.case !== "action") return () => undefined;
  const { action } = input.value.command.value;
  const row = rowOf(world.entities, input.value.entity);
  const bag = (world.entities.columns.bag[row] ?? 0) - 1;
  const held = "slot" in (action.value ?? {}) ? heldIn(world, bag, action) : 0;
  const dug = placeOf(action) === undefined ? -1 : cellAt(world, placeOf(action));
  const before = dug === -1 ? 0 : blockIn(world, dug);
  const breaks = action.case === "buildBreak" || held === Item.Pickaxe;
  return () => {
    if (action.case === "buildPlace") addItems(items, held, -1);
    if (breaks && action.case !== "buildPlace" && blockIn(world, dug) === Block.Air) {
      addItems(items, before, 1);
    }
    if (action.case !== "useItem" || held === Item.Pickaxe) return;
    addItems(items, held, -1);
    if (held === Item.Bucket) addItems(items, Item.WaterBucket, 1);
    if (held === Item.WaterBucket) addItems(items, Item.Bucket, 1);
  };
}

function heldIn(world: BlocksWorld, bag: number, action: BlocksAction["action"]): number {
  const known = action.case === "buildPlace" || action.case === "useItem";
  return known ? stackIn(world, bag, action.value.slot).item : 0;
}

function placeOf(action: BlocksAction["action"]) {
  const known = action.case === "buildBreak" || action.case === "useItem";
  return known ? action.value.place : undefined;
}

function cellAt(world: BlocksWorld, place: ReturnType<typeof placeOf>): number {
  return place === undefined ? -1 : blocksLayout.cellAt(world.shape, place);
}

/** The region's stamp, and one thing that happens. */
function anyInputs(random: Random, run: Run): BlocksInput[] {
  const { world } = run;
  const stamp = stampBits(makeStamp(1_000_000 + world.tick * 50));
  const inputs: BlocksInput[] = [{ input: { case: "stamp", value: { region: "here", stamp } } }];
  const players = [...world.bagByPlayer.values()].map((bag) => world.bags.columns.owner[bag] ?? 0);
  const entity = players[random.below(players.length)] ?? 0;
  const choice = random.below(40);
  const [away] = run.ledger.kept;
  if (choice < 6) inputs.push(foreignWrite(random, world));
  else if (choice === 6 && players.length > 3) inputs.push(leaveInput(entity));
  else if (choice === 7 && away !== undefined) inputs.push(joinInput(...away));
  else if (choice !== 8) inputs.push(anyAction(random, world, entity));
  return inputs;
}

/** Another region breaks a chest, builds there, or puts a chest there again. */
function foreignWrite(random: Random, world: BlocksWorld): BlocksInput {
  const x = LEFT + random.below(SIDE);
  const y = LEFT + random.below(CHEST_ROWS);
  const id = [Block.Air, Block.Planks, Block.Chest, Block.Chest][random.below(4)] ?? 0;
  const stamp = stampBits(makeStamp(1_000_000 + world.tick * 50 - random.below(100)));
  const cell = { x, y, layer: 1, block: id << 8, stamp, gone: false, metadata: new Uint8Array() };
  return { input: { case: "remote", value: { region: "there", cells: [cell] } } };
}

function anyAction(random: Random, world: BlocksWorld, entity: number): BlocksInput {
  const row = rowOf(world.entities, entity);
  const bag = (world.entities.columns.bag[row] ?? 0) - 1;
  const sequence = (world.bags.columns.sequence[bag] ?? 0) + 1;
  return actionInput(entity, sequence, chooseAction(random, world, row));
}

function chooseAction(random: Random, world: BlocksWorld, row: number): BlocksAction["action"] {
  // Mostly where it can be picked up again.
  const column = Math.floor((world.entities.columns.x[row] ?? 0) / BLOCKS_UNIT) - LEFT;
  const x = LEFT + Math.max(0, column + random.below(4) - 1);
  const place = { x, y: LEFT + CHEST_ROWS + random.below(2), layer: random.below(3) };
  const slot = random.below(7);
  switch (random.below(10)) {
    case 0:
    case 1:
      return {
        case: "interact",
        value: { target: anyChest(random, column), choice: anyChoice(random) },
      };
    case 2:
    case 3:
    case 8:
      return {
        case: "pickup",
        value: { entity: anyOf(random, world, { row, kind: BlocksKind.Item }) },
      };
    case 4:
      return { case: "drop", value: { slot, count: random.below(5), x, y: LEFT + 2 } };
    case 5:
      return { case: "buildPlace", value: { slot, place } };
    case 6:
      return { case: "useItem", value: { slot, place } };
    case 7:
      return {
        case: "attack",
        value: { entity: anyOf(random, world, { row, kind: BlocksKind.Cow }) },
      };
    default:
      return { case: "buildBreak", value: { place } };
  }
}

function anyChest(random: Random, column: number) {
  const x = LEFT + Math.min(SIDE - 1, Math.max(0, column + random.below(3) - 1));
  const place = { x, y: LEFT + random.below(CHEST_ROWS), layer: 1 };
  return { case: "place" as const, value: place };
}

/** Takes of the first slots, puts of all. */
function anyChoice(random: Random): number {
  return random.below(3) === 0 ? 1 + random.below(4) : 101 + random.below(12);
}

/** One of a kind, of the three that are nearest. */
function anyOf(random: Random, world: BlocksWorld, near: { row: number; kind: number }): number {
  const { ids, columns } = world.entities;
  const { x, y, kind } = columns;
  const far = (row: number) => {
    const right = (x[row] ?? 0) - (x[near.row] ?? 0);
    return right ** 2 + ((y[row] ?? 0) - (y[near.row] ?? 0)) ** 2;
  };
  const rows = [...ids.keys()].filter((row) => ids[row] !== 0 && kind[row] === near.kind);
  const nearest = rows.sort((one, other) => far(one) - far(other)).slice(0, 3);
  return ids[nearest[random.below(3)] ?? near.row] ?? 0;
}

/** The process ends; the next one knows the snapshot and the ticks that the disk has. */
function killAndRestore(random: Random, run: Run): void {
  const lost = Math.min(run.journal.length, random.below(4));
  const stored = run.journal.slice(0, run.journal.length - lost);
  const before = hashBlocks(run.world);
  const world = decodeBlocksSnapshot(run.snapshot, ROOM);
  for (const { inputs } of stored) stepBlocks(world, inputs);
  if (lost === 0) expect(hashBlocks(world)).toBe(before);
  const last = stored.at(-1);
  if (last === undefined && lost > 0) return;
  run.ledger = last?.ledger ?? run.ledger;
  run.world = world;
  run.journal = stored;
  run.seen.killed += 1;
}

function everything({ world, ledger }: Run): ItemCount {
  const all = countItems(world);
  for (const { slots } of ledger.kept.values()) addSlots(all, slots);
  return all;
}

function sorted(count: ItemCount): (readonly [number, number])[] {
  return [...count].filter(([, many]) => many !== 0).sort(([one], [other]) => one - other);
}

function cellOf(world: BlocksWorld, x: number, y: number): number {
  return blocksLayout.cellAt(world.shape, { x: LEFT + x, y: LEFT + y, layer: 1 });
}
