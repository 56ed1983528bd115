// A world that stands still, because its shard's disk does not answer, and goes on: as it is seen.
import { describe, expect, test } from "bun:test";
import { NoticeKind } from "#proto/frame_pb.ts";
import type { GameArenaSession } from "../sdk/arena/arena-session.ts";
import { BAD, CLEAN, Playground } from "../sdk/testing/playground.ts";

/** As far as anybody moves in a drawn frame, with a correction that fades on top. */
const STEP_MAX = 4;

interface Place {
  x: number;
  y: number;
}

/** What is drawn, frame by frame; throws where anybody jumps or the time goes back. */
class Onlooker {
  readonly #session: GameArenaSession;
  readonly #places = new Map<number, Place>();
  #tick = 0;
  /** Of the last frame. */
  self: Place = { x: 0, y: 0 };
  /** How far all went in the last frame, in sum. */
  motion = 0;

  constructor(session: GameArenaSession) {
    this.#session = session;
  }

  look(): void {
    const { tick, self, others } = this.#session.sample();
    expect(tick).toBeGreaterThanOrEqual(this.#tick);
    this.#tick = tick;
    this.motion = 0;
    for (const { id, x, y } of self === null ? others : [self, ...others]) {
      const before = this.#places.get(id) ?? { x, y };
      this.#places.set(id, { x, y });
      const steps = [Math.abs(x - before.x), Math.abs(y - before.y)];
      for (const step of steps) {
        expect(step).toBeLessThan(STEP_MAX);
        this.motion += step;
      }
    }
    if (self !== null) this.self = { x: self.x, y: self.y };
  }
}

/** Ada walks, and so does bo, whom she sees. */
async function walkTogether(conditions: typeof CLEAN) {
  const ground = new Playground({ conditions, seed: 3 });
  const ada = await ground.join("ada");
  ground.shard.join("bo");
  await ground.run(3_000, () => ada.sample());
  const onlooker = new Onlooker(ada);
  const bo = ground.shard.entityOf("bo");
  const walk = { case: "controls" as const, value: { dx: 0, dy: 1 } };
  ground.shard.command({ entity: bo, sequence: 1, command: walk });
  ada.setControls(1, 0);
  await ground.run(1_500, () => onlooker.look());
  return { ground, ada, onlooker };
}

function truthOf({ shard }: Playground, session: GameArenaSession): Place {
  const { x, y } = shard.past.get(shard.world.tick)?.get(session.entityId) ?? { x: 0, y: 0 };
  return { x: x / 10, y: y / 10 };
}

describe.each([
  ["clean", CLEAN],
  ["bad", BAD],
])("on a %s path a world that stands still for 20 s", (_, conditions) => {
  test("is seen standing, and goes on without a jump", async () => {
    const { ground, ada, onlooker } = await walkTogether(conditions);
    const { corrections } = ada.stats;
    ground.shard.stand();
    await ground.run(1_000, () => onlooker.look());
    expect(ada.notice?.kind).toBe(NoticeKind.STORAGE_STALLED);
    await ground.run(19_000, () => {
      onlooker.look();
      expect(onlooker.motion).toBe(0);
    });
    const { self, others } = ada.sample();
    expect([self?.state, ...others.map(({ state }) => state)]).toEqual(["idle", "idle"]);
    ground.shard.goOn();
    await ground.run(600, () => onlooker.look());
    // It is on its way again, and has not been standing until the estimate caught up.
    await ground.run(2_000, () => {
      onlooker.look();
      expect(onlooker.motion).toBeGreaterThan(1);
    });
    expect(ada.stats.corrections).toBe(corrections);
    ada.setControls(0, 0);
    await ground.run(2_000, () => onlooker.look());
    expect(onlooker.self.x).toBeCloseTo(truthOf(ground, ada).x, 6);
    expect(onlooker.self.y).toBeCloseTo(truthOf(ground, ada).y, 6);
    expect(Math.abs(ada.stats.serverTick - ground.shard.world.tick)).toBeLessThan(3);
  });

  test("goes on with what is held by then; what was on its way is put right softly", async () => {
    const { ground, ada, onlooker } = await walkTogether(conditions);
    ada.setControls(0, -1);
    ground.shard.stand();
    await ground.run(5_000, () => onlooker.look());
    ada.setControls(-1, 0);
    await ground.run(15_000, () => onlooker.look());
    const { x } = onlooker.self;
    ground.shard.goOn();
    await ground.run(3_000, () => onlooker.look());
    expect(onlooker.self.x).toBeLessThan(x - 150);
    ada.setControls(0, 0);
    await ground.run(2_000, () => onlooker.look());
    expect(onlooker.self.x).toBeCloseTo(truthOf(ground, ada).x, 6);
    const { corrections } = ada.stats;
    await ground.run(5_000, () => onlooker.look());
    expect(ada.stats.corrections).toBe(corrections);
  });
});

test("while the world stands actions are dropped, but for durable ones, which wait", async () => {
  const { ground, ada } = await walkTogether(CLEAN);
  ground.shard.stand();
  await ground.run(500, () => ada.sample());
  const { bytesOut } = ada.stats;
  ada.attack();
  ada.face(false);
  ada.setControls(0, 1);
  expect(ada.stats.bytesOut).toBe(bytesOut);
  let done = 0;
  const gift = ada.perform({ case: "give", entity: ground.shard.entityOf("bo") });
  void gift.then(({ tick }) => {
    done = tick;
  });
  await ground.run(3_000, () => ada.sample());
  expect(done).toBe(0);
  const standing = ground.shard.world.tick;
  ground.shard.goOn();
  await ground.run(1_000, () => ada.sample());
  expect(done).toBeGreaterThan(standing);
  expect(ada.sample().self).toMatchObject({ state: "moving", dx: 0, dy: 1 });
  expect(ada.selfState.attackReadyTick).toBe(0);
});

test("a frame of a later tick says as well that the world goes on", async () => {
  const { ground, ada, onlooker } = await walkTogether(CLEAN);
  ground.shard.stand();
  await ground.run(2_000, () => onlooker.look());
  ground.shard.goOn({ isTold: false });
  const { x } = onlooker.self;
  await ground.run(2_000, () => onlooker.look());
  expect(onlooker.self.x).toBeGreaterThan(x + 150);
  expect(ada.notice?.kind).toBe(NoticeKind.STORAGE_STALLED);
});

test("a shard that dies standing, and has lost seconds, is gone on with at once", async () => {
  const { ground, ada } = await walkTogether(CLEAN);
  // Away from the edge of the world.
  ada.setControls(-1, 0);
  await ground.run(3_000, () => ada.sample());
  ground.shard.stand();
  await ground.run(2_000, () => ada.sample());
  ground.killShard();
  ground.reviveShard(90);
  await ground.until(() => ada.status === "playing");
  await ground.run(500, () => ada.sample());
  expect(ada.notice).toBeNull();
  const { x } = ada.sample().self ?? { x: 0 };
  await ground.run(1_000, () => ada.sample());
  expect(x - (ada.sample().self?.x ?? x)).toBeGreaterThan(80);
  expect(Math.abs(ada.stats.serverTick - ground.shard.world.tick)).toBeLessThan(3);
});
