import {
  BLOCKS_PARAMETERS,
  type BlocksInput,
  type BlocksWorld,
  createBlocks,
  createRandom,
  isDryLand,
  type Random,
  spawnCreature,
  stepBlocks,
} from "#shared/sim/index.ts";

/** Entities for each chunk of the land, whatever the size of the crowd. */
const PER_CHUNK = 6;
/** A player in each square of so many chunks keeps all of it awake. */
const CHUNKS_PER_PLAYER = 5;
const CHUNK_UNITS = 1600;
/** Cow, sheep, chicken, pig and horse. */
const ANIMALS = [8, 9, 10, 11, 12] as const;
const TICK_RATE = 20;
/** Animals begin with hunger of as many ticks, which must have been. */
const HUNGRY_TICKS = 1_000;

/** A land full of somebody, all of it near players. */
export interface BlocksCrowd {
  readonly world: BlocksWorld;
  /** The commands of the next tick. */
  nextTurns(): readonly BlocksInput[];
}

/** So many players who never stand still: each turns once a second, a part of them in each tick. */
export function createPlayerCrowd(players: number): BlocksCrowd {
  const { world } = createLand(players, players);
  const random = createRandom(1);
  const joins = Array.from({ length: players }, (_, index) => joinAt(world, index, random));
  stepBlocks(world, joins);
  const entities = world.effects.joined.map(({ entity }) => entity);
  let sequence = 0;
  const turnsOf = (group: number): BlocksInput[] => {
    sequence += 1;
    const turns: BlocksInput[] = [];
    for (let index = group; index < players; index += TICK_RATE) {
      turns.push(turn(entities[index] ?? 0, sequence, random));
    }
    return turns;
  };
  for (let group = 0; group < TICK_RATE; group++) stepBlocks(world, turnsOf(group));
  return { world, nextTurns: () => turnsOf(world.tick % TICK_RATE) };
}

/**
 * So many animals that live as they do, and as few players as it takes that all of them live. There
 * is no room for young, so they stay as many; and each is as hungry as it happens to be, or all of
 * them would graze in the same seconds and a short measurement would see one part of the day.
 */
export function createAnimalCrowd(animals: number): BlocksCrowd {
  const { world, side } = createLand(animals, animals + 4096);
  world.tick = HUNGRY_TICKS;
  const random = createRandom(2);
  const watchers: BlocksInput[] = [];
  for (let y = CHUNKS_PER_PLAYER >> 1; y < side; y += CHUNKS_PER_PLAYER) {
    for (let x = CHUNKS_PER_PLAYER >> 1; x < side; x += CHUNKS_PER_PLAYER) {
      const place = { x: x * CHUNK_UNITS + 800, y: y * CHUNK_UNITS + 800 };
      watchers.push(join(`watcher-${x}-${y}`, place));
    }
  }
  stepBlocks(world, watchers);
  for (let index = 0; index < animals; index++) {
    const kind = ANIMALS[index % ANIMALS.length] ?? 8;
    spawnCreature(world, kind, dryPlace(world, random));
  }
  for (let tick = 0; tick < 20 * TICK_RATE; tick++) stepBlocks(world, []);
  return { world, nextTurns: () => [] };
}

function createLand(crowd: number, entities: number) {
  const side = Math.ceil(Math.sqrt(crowd / PER_CHUNK));
  const parameters = { ...BLOCKS_PARAMETERS, columns: side, rows: side, tickRate: TICK_RATE };
  const room = { entities, bags: entities, chunksLoadedMax: side * side };
  const world = createBlocks(parameters, room);
  world.populated.fill(1);
  return { world, side };
}

function dryPlace(world: BlocksWorld, random: Random): { x: number; y: number } {
  for (let attempt = 0; attempt < 100; attempt++) {
    const place = { x: random.below(world.shape.width), y: random.below(world.shape.height) };
    if (isDryLand(world, place.x, place.y)) return place;
  }
  throw new Error("cannot place somebody: no dry land in a hundred tries");
}

function joinAt(world: BlocksWorld, index: number, random: Random): BlocksInput {
  const { x, y } = dryPlace(world, random);
  return join(`player-${index}`, { x: x * 100 + 50, y: y * 100 + 50 });
}

function join(playerId: string, place: { x: number; y: number }): BlocksInput {
  const restored = { ...place, facing: 0, health: 100, slots: [] };
  return { input: { case: "join", value: { playerId, name: playerId, restored } } };
}

function turn(entity: number, sequence: number, random: Random): BlocksInput {
  const direction = random.below(4);
  const value = { dx: direction & 1 ? 1 : -1, dy: direction & 2 ? 1 : -1 };
  const command = { case: "controls" as const, value };
  return { input: { case: "command", value: { entity, sequence, command } } };
}
