// A world of blocks over real sockets: what its ancestor got wrong, and what a client may not do.
import { describe, expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { WorldId } from "#shared/model/ids.ts";
import { CLOSE } from "#shared/net/protocol.ts";
import { Block, BlocksKind, Item } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { BlocksClient, newActionId } from "../../testing/blocks-client.ts";
import { encodeClientFrame } from "../../testing/client-frames.ts";
import { ShardFixture } from "../../testing/shard-fixture.ts";

const DONE = RejectionReason.UNSPECIFIED;

function startShard(): Promise<ShardFixture> {
  return ShardFixture.start({ world: WorldId.parse("blocks") });
}

async function join(shard: ShardFixture, playerId: string): Promise<BlocksClient> {
  return BlocksClient.join(shard.address, { ticket: await shard.ticket(playerId) });
}

function metricsOf(shard: ShardFixture): URL {
  return new URL("/metrics", shard.address.replace(/^ws/, "http"));
}

/** Walks to within a block of somebody, and digs through what is in the way. */
async function walkTo(client: BlocksClient, target: BlocksClient): Promise<void> {
  let before = "";
  for (let step = 0; step < 400; step++) {
    const here = client.place;
    const there = target.place;
    const [right, down] = [there.x - here.x, there.y - here.y];
    if (Math.abs(right) <= 1 && Math.abs(down) <= 1) break;
    const [dx, dy] = [Math.sign(right), Math.sign(down)];
    await client.acknowledged(client.move(dx, dy));
    const now = `${client.self?.x} ${client.self?.y}`;
    if (now === before) await digAround(client, dx, dy);
    before = now;
  }
  await client.acknowledged(client.move(0, 0));
}

async function digAround(client: BlocksClient, dx: number, dy: number): Promise<void> {
  const { x, y } = client.place;
  for (const [right, down] of [
    [dx, 0],
    [0, dy],
    [dx, dy],
  ] as const) {
    const place = { x: x + right, y: y + down, layer: 1 };
    for (let blow = 0; blow < 4 && client.block(place) > Block.DeepWater; blow++) {
      await client.perform({ case: "buildBreak", value: { place } });
    }
    for (let blow = 0; blow < 4 && client.block(place) === Block.Stone; blow++) {
      await client.perform({ case: "buildBreak", value: { place } });
    }
  }
}

/** A place over somebody with nothing in it. */
function roofOf(client: BlocksClient) {
  const { x, y } = client.place;
  for (let step = 0; step < 49; step++) {
    const place = { x: x + (step % 7) - 3, y: y + Math.floor(step / 7) - 3, layer: 2 };
    if (client.block(place) === Block.Air) return place;
  }
  throw new Error("cannot find a free place");
}

describe("faults of the ancestor", () => {
  test("6: an attack hurts, cools down, and the dead do nothing but come back", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    using bob = await join(shard, "bob");
    await walkTo(bob, ann);
    const attack = { case: "attack" as const, value: { entity: ann.entity } };
    expect(await bob.attempt(attack)).toBeNull();
    await until("ann to be hurt", () => ann.self?.health === 90);
    expect(await bob.attempt(attack)).toBe(RejectionReason.COOLDOWN);
    const own = { case: "attack" as const, value: { entity: bob.entity } };
    expect(await bob.attempt(own)).toBe(RejectionReason.INVALID);
    await until("ann to be dead", async () => {
      await bob.attempt(attack);
      return ann.self?.health === 0;
    });
    expect(await ann.perform({ case: "buildBreak", value: { place: roofOf(ann) } })).toBe(
      RejectionReason.DEAD,
    );
    const back = { case: "attack" as const, value: { entity: bob.entity } };
    expect(await ann.attempt(back)).toBe(RejectionReason.DEAD);
    expect(await ann.perform({ case: "respawn", value: {} })).toBe(DONE);
    await until("ann to live", () => ann.self?.health === 100);
  }, 60_000);

  test("7: what is dropped is out of the bag, and goes into one bag only", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    using bob = await join(shard, "bob");
    await walkTo(bob, ann);
    const slot = ann.slotOf(Block.Planks);
    const drop = { case: "drop" as const, value: { slot, count: 5, ...ann.place } };
    expect(await ann.perform(drop)).toBe(DONE);
    await until("it is out of the bag", () => ann.countOf(Block.Planks) === 27);
    const lying = () => {
      return bob
        .others()
        .find(({ kind, item }) => kind === BlocksKind.Item && item === Block.Planks);
    };
    const { id = 0, count } = await until("bob to see it", lying);
    expect(count).toBe(5);
    const take = { case: "pickup" as const, value: { entity: id } };
    const both = await Promise.all([ann.perform(take), bob.perform(take)]);
    expect(both.filter((reason) => reason === DONE)).toHaveLength(1);
    await until("it is gone", () => !ann.view.entities.has(id) && !bob.view.entities.has(id));
    expect(await ann.perform(take)).toBe(RejectionReason.UNAVAILABLE);
    await until("somebody has it", () => {
      return ann.countOf(Block.Planks) + bob.countOf(Block.Planks) === 64;
    });
    const potion = ann.slotOf(Item.HealingPotion);
    const potions = ann.countOf(Item.HealingPotion);
    const used = await ann.perform({ case: "useItem", value: { slot: potion } });
    await until("the bag to tell", () => {
      return ann.countOf(Item.HealingPotion) === (used === DONE ? potions - 1 : potions);
    });
  }, 60_000);

  test("8: nobody goes faster or farther than a walk, whatever is sent", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    const far = ann.move(1_000, -1_000);
    await ann.acknowledged(far);
    expect(ann.rejections).toMatchObject([{ sequence: far, reason: RejectionReason.INVALID }]);
    const steps: { tick: number; x: number; y: number }[] = [];
    for (let round = 0; round < 30; round++) {
      ann.move(1, 0);
      await ann.acknowledged(ann.move(1, 1));
      steps.push({ tick: ann.view.tick, x: ann.self?.x ?? 0, y: ann.self?.y ?? 0 });
    }
    for (const [index, now] of steps.entries()) {
      const before = steps[index - 1];
      if (before === undefined) continue;
      // 5 blocks a second in 30 ticks, and one hundredth for rounding.
      const most = Math.ceil(((now.tick - before.tick) * 500) / 30) + 1;
      expect(Math.abs(now.x - before.x)).toBeLessThanOrEqual(most);
      expect(Math.abs(now.y - before.y)).toBeLessThanOrEqual(most);
    }
  });

  test("10: the first frame has every chunk in sight with floor, active and ceiling", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    const [first] = ann.frames;
    const cells = first?.cells ?? [];
    expect(cells.length).toBeGreaterThan(30);
    expect(cells.every(({ keyframe }) => keyframe)).toBe(true);
    expect(cells.every(({ blocksChunk }) => blocksChunk?.layers.length === 3)).toBe(true);
    const { x, y } = ann.place;
    for (const layer of [0, 1, 2]) expect(ann.block({ x, y, layer })).toBeGreaterThanOrEqual(0);
  });
});

describe("security 5: what a client may not do", () => {
  test("places out of the map, out of reach, and that are none change nothing", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    const { x, y } = ann.place;
    const slot = ann.slotOf(Block.Planks);
    const refused: [string, { x: number; y: number; layer: number }, RejectionReason][] = [
      ["beyond the world", { x: 4_000_000_000, y, layer: 1 }, RejectionReason.INVALID],
      ["just beyond it", { x: 2_048, y, layer: 1 }, RejectionReason.INVALID],
      ["in a layer that is none", { x, y, layer: 3 }, RejectionReason.INVALID],
      ["too far away", { x: x + 6, y, layer: 2 }, RejectionReason.TOO_FAR],
    ];
    for (const [what, place, reason] of refused) {
      const build = { case: "buildPlace" as const, value: { place, slot } };
      expect(await ann.perform(build), what).toBe(reason);
      expect(await ann.perform({ case: "buildBreak", value: { place } }), what).toBe(reason);
    }
    const value = { slot: 4_000_000_000, count: 1, x, y };
    expect(await ann.perform({ case: "drop", value })).toBe(RejectionReason.INVALID);
    expect(await ann.perform({ case: "useItem", value: { slot: 99 } })).toBe(
      RejectionReason.INVALID,
    );
    expect(await ann.perform({ case: "pickup", value: { entity: 4_000_000_000 } })).toBe(
      RejectionReason.UNAVAILABLE,
    );
    expect(ann.countOf(Block.Planks)).toBe(32);
    expect(await ann.attempt({ case: "emote", value: { emote: 4_000_000_000 } })).toBe(
      RejectionReason.INVALID,
    );
    const metrics = await (await fetch(metricsOf(shard))).text();
    const countOf = (reason: string) =>
      Number(
        new RegExp(`tessera_actions_refused_total\\{reason="${reason}".*\\} (\\d+)`).exec(
          metrics,
        )?.[1],
      );
    expect([countOf("invalid"), countOf("too_far"), countOf("unavailable")]).toEqual([9, 2, 1]);
  });

  test("numbers that are none are no protobuf of ours, and end the connection", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    // Input.controls.blocks whose dx is a double that is NaN.
    const nan = [0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
    const input = [0x08, 1, 0x22, nan.length, ...nan];
    ann.sendRaw(Uint8Array.from([0x12, input.length, ...input]));
    await until("the shard to close", () => !ann.isOpen);
    expect(ann.closeCode).toBe(CLOSE.undecodable);
  });

  test("an action of another world, or one that is empty, is refused", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    const sequence = ++ann.sequence;
    const give = { action: { case: "give" as const, value: { entity: 1 } } };
    ann.sendRaw(
      encodeClientFrame({
        case: "intent",
        value: {
          sequence,
          tick: 0,
          action: { case: "arena", value: give },
          actionId: newActionId(),
        },
      }),
    );
    await ann.acknowledged(sequence);
    expect(ann.rejections).toMatchObject([{ sequence, reason: RejectionReason.INVALID }]);
  });

  test("an old sequence is not done again, and a gap does not matter", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    await ann.acknowledged(ann.move(1, 0));
    ann.sequence -= 1;
    ann.move(-1, 0);
    ann.sequence += 10;
    await ann.acknowledged(ann.act({ case: "emote", value: { emote: 1 } }));
    expect(ann.self?.controls?.dx).toBe(1);
  });

  test("nothing outside of what it watches is ever sent", async () => {
    await using shard = await startShard();
    using ann = await join(shard, "ann");
    const watched = new Set<number>();
    const start = ann.frames.length;
    ann.send({ case: "viewport", value: { width: 64, height: 64 } });
    await until("fewer chunks", () => ann.view.chunks.size <= 9);
    for (const frame of ann.frames.slice(0, start)) {
      for (const { cell, keyframe } of frame.cells) if (keyframe) watched.add(cell);
    }
    for (const frame of ann.frames.slice(start)) {
      for (const { cell, keyframe } of frame.cells) {
        if (keyframe) watched.add(cell);
        expect(watched.has(cell)).toBe(true);
      }
      for (const cell of frame.goneCells) watched.delete(cell);
    }
    const { x, y } = ann.place;
    for (const cell of ann.view.chunks.keys()) {
      expect(Math.abs((cell % 128) * 16 + 8 - x)).toBeLessThan(32);
      expect(Math.abs(Math.floor(cell / 128) * 16 + 8 - y)).toBeLessThan(32);
    }
    for (const entity of ann.others()) expect(ann.view.chunks.has(entity.cell)).toBe(true);
    // Asking for others does not help.
    ann.send({ case: "resync", value: { cells: [0, 1, 2] } });
    const { tick } = ann.view;
    await until("some frames more", () => ann.view.tick > tick + 30);
    expect(ann.view.chunks.has(0)).toBe(false);
  });
});

test("blocks and bags are the same after a restart", async () => {
  await using shard = await startShard();
  const place = await (async () => {
    using ann = await join(shard, "ann");
    const roof = roofOf(ann);
    const slot = ann.slotOf(Block.Planks);
    expect(await ann.perform({ case: "buildPlace", value: { place: roof, slot } })).toBe(DONE);
    return roof;
  })();
  await shard.restart();
  using ann = await join(shard, "ann");
  using bob = await join(shard, "bob");
  expect(ann.block(place)).toBe(Block.Planks);
  expect(bob.block(place)).toBe(Block.Planks);
  await until("the bag", () => ann.countOf(Block.Planks) === 31);
});

test("metrics tell how much there is of the land and of who is in it", async () => {
  await using shard = await startShard();
  using ann = await join(shard, "ann");
  const slot = ann.slotOf(Block.Planks);
  await ann.perform({ case: "buildPlace", value: { place: roofOf(ann), slot } });
  const text = await (await fetch(metricsOf(shard))).text();
  const sizeOf = (what: string) => {
    return Number(new RegExp(`tessera_world_size\\{what="${what}".*\\} (\\d+)`).exec(text)?.[1]);
  };
  expect(sizeOf("entities")).toBeGreaterThan(0);
  expect(sizeOf("chunks_changed")).toBeGreaterThan(0);
  expect(sizeOf("chunks_made")).toBeGreaterThanOrEqual(ann.view.chunks.size);
  expect(sizeOf("blocks_held")).toBeGreaterThanOrEqual(0);
});
