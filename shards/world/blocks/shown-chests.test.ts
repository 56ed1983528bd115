// Security 5: what is in a chest is told to those who have it open, and to nobody else.
import { expect, test } from "bun:test";
import { toBinary } from "@bufbuild/protobuf";
import { TickSchema } from "#proto/frame_pb.ts";
import { Block, Item } from "#shared/sim/index.ts";
import { BlocksWorkbench } from "../../testing/blocks-workbench.ts";

const OWNER = 1;
const OTHER = 2;
/** Of block (1024, 1024), where everybody is. */
const PLACE = { x: 1024, y: 1023, layer: 2 };

interface Told {
  readonly place: unknown;
  readonly slots: readonly number[];
}

class Scene {
  readonly bench = new BlocksWorkbench();
  #actions = 0;
  /** Of each player: what it was told of chests, in order. */
  readonly told = new Map<number, Told[]>([
    [OWNER, []],
    [OTHER, []],
  ]);
  bytes = 0;

  constructor() {
    const slots = [Block.Chest, 3, Item.Horsehair, 61, Item.Wool, 7];
    this.bench.enter(OWNER, { slots });
    this.bench.enter(OTHER, { slots });
    this.act(OWNER, { case: "buildBreak", value: { place: PLACE } });
    this.act(OWNER, { case: "buildPlace", value: { place: PLACE, slot: 0 } });
    this.look();
  }

  act(connection: number, action: Parameters<BlocksWorkbench["act"]>[1]): void {
    this.#actions += 1;
    this.bench.act(connection, action, this.#actions);
    this.bench.tick(4);
    this.look();
  }

  use(connection: number, choice: number): void {
    const target = { case: "place" as const, value: PLACE };
    this.act(connection, { case: "interact", value: { target, choice } });
  }

  look(): void {
    for (const { connection, content } of this.bench.bench.frames.splice(0)) {
      this.bytes += toBinary(TickSchema, content).length;
      if (content.ack?.self.case !== "blocks") continue;
      const { chest } = content.ack.self.value;
      if (chest === undefined) continue;
      const { x, y, layer } = chest.place ?? {};
      const place = chest.place === undefined ? undefined : { x, y, layer };
      this.told.get(connection)?.push({ place, slots: [...chest.slots] });
    }
  }

  last(connection: number): Told | undefined {
    return this.told.get(connection)?.at(-1);
  }
}

test("contents go to who has the chest open, whenever they change, and to nobody else", () => {
  const scene = new Scene();
  scene.use(OWNER, 102);
  expect(scene.last(OWNER)).toEqual({ place: PLACE, slots: [Item.Horsehair, 61] });
  expect(scene.told.get(OTHER)).toEqual([]);
  scene.use(OWNER, 103);
  expect(scene.last(OWNER)?.slots).toEqual([Item.Horsehair, 61, Item.Wool, 7]);
  expect(scene.told.get(OTHER)).toEqual([]);
  // Two who look into it see what the other does.
  scene.use(OTHER, 0);
  expect(scene.last(OTHER)).toEqual({ place: PLACE, slots: [Item.Horsehair, 61, Item.Wool, 7] });
  const before = scene.told.get(OWNER)?.length;
  scene.use(OTHER, 1);
  expect(scene.told.get(OWNER)).toHaveLength((before ?? 0) + 1);
  expect(scene.last(OWNER)?.slots).toEqual([0, 0, Item.Wool, 7]);
});

test("who walked away is told that it is closed, and nothing after that", () => {
  const scene = new Scene();
  scene.use(OWNER, 102);
  scene.bench.move(OWNER, 1, 0);
  for (let turn = 0; turn < 30 && scene.last(OWNER)?.place !== undefined; turn++) {
    scene.bench.tick(4);
    scene.look();
  }
  expect(scene.last(OWNER)).toEqual({ place: undefined, slots: [] });
  const told = scene.told.get(OWNER)?.length;
  scene.use(OTHER, 102);
  expect(scene.last(OTHER)?.slots).toEqual([Item.Horsehair, 61, Item.Horsehair, 61]);
  expect(scene.told.get(OWNER)).toHaveLength(told ?? 0);
});

test("contents are shown once they are in the database", () => {
  const scene = new Scene();
  const inner = scene.bench.bench;
  scene.use(OWNER, 0);
  expect(scene.last(OWNER)).toEqual({ place: PLACE, slots: [] });
  inner.isDiskSlow = true;
  const committed = inner.loop.committedTick;
  scene.use(OWNER, 102);
  expect(inner.loop.committedTick).toBe(committed);
  expect(scene.last(OWNER)?.slots).toEqual([]);
  inner.sync(inner.loop.tick);
  inner.isDiskSlow = false;
  scene.bench.tick(4);
  scene.look();
  expect(scene.last(OWNER)?.slots).toEqual([Item.Horsehair, 61]);
});
