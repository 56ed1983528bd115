import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { BrokerLink, type LinkConnection } from "./broker-link.ts";
import { createLog } from "./log.ts";

/** A link to an other end that a test plays, in a time that it moves. */
class Scene {
  readonly clock = new FakeClock();
  readonly lines: string[] = [];
  /** When it was tried. */
  readonly triedMs: number[] = [];
  /** Why the other end cannot be reached; undefined while it can. */
  refusal: string | undefined;
  /** Whether it ends each connection as soon as it stands. */
  hangsUp: boolean;
  answers = true;
  closed = 0;
  readonly link: BrokerLink<LinkConnection>;

  constructor(otherEnd: { refusal?: string; hangsUp?: boolean } = {}) {
    this.refusal = otherEnd.refusal;
    this.hangsUp = otherEnd.hangsUp ?? false;
    this.link = new BrokerLink({
      name: "broker",
      open: () => this.#open(),
      clock: this.clock,
      log: createLog({ process: "test", write: (line) => void this.lines.push(line) }),
    });
  }

  async run(ms: number): Promise<void> {
    for (let step = 0; step < ms; step += 10) {
      await new Promise(setImmediate);
      this.clock.advance(10);
    }
    await new Promise(setImmediate);
  }

  async #open(): Promise<LinkConnection> {
    this.triedMs.push(this.clock.monotonicMs());
    if (this.refusal !== undefined) throw new Error(this.refusal);
    const closed = Promise.withResolvers<string>();
    if (this.hangsUp) closed.resolve("it hung up");
    return {
      closed: closed.promise,
      ping: () => (this.answers ? Promise.resolve() : Promise.withResolvers<void>().promise),
      close: async () => {
        this.closed += 1;
      },
    };
  }
}

test("one that cannot be reached is tried ever more seldom, and said once", async () => {
  const scene = new Scene({ refusal: "nobody listens there" });
  await scene.run(10_000);
  expect(scene.triedMs.slice(0, 5)).toEqual([0, 100, 300, 700, 1_500]);
  expect(scene.triedMs.length).toBeLessThan(15);
  expect(scene.lines).toHaveLength(1);
  expect(scene.link.trouble).toBe("nobody listens there");
  await expect(waitFor(scene, scene.link.ready())).rejects.toThrow(
    "broker is away: nobody listens there",
  );
  scene.refusal = undefined;
  await scene.run(1_000);
  expect(scene.link.trouble).toBeUndefined();
  expect(scene.lines).toHaveLength(2);
  await waitFor(scene, scene.link.close());
});

test("one that hangs up at once is tried ever more seldom too", async () => {
  const scene = new Scene({ hangsUp: true });
  await scene.run(10_000);
  expect(scene.triedMs.length).toBeLessThan(15);
  expect(scene.closed).toBe(scene.triedMs.length);
  scene.hangsUp = false;
  await scene.run(5_000);
  expect(scene.link.current).toBeDefined();
  // Once a connection has lasted, the next is tried soon.
  const before = scene.triedMs.length;
  scene.answers = false;
  await scene.run(3_000);
  scene.answers = true;
  expect(scene.triedMs.length).toBe(before + 1);
  await waitFor(scene, scene.link.close());
});

test("a call ends in time, whether the other end is away or silent", async () => {
  const scene = new Scene();
  await scene.run(100);
  const silent = scene.link.call(() => Promise.withResolvers<void>().promise);
  await expect(waitFor(scene, silent)).rejects.toThrow("no answer within 2000 ms");
  scene.answers = false;
  scene.refusal = "gone";
  await scene.run(3_000);
  expect(scene.link.current).toBeUndefined();
  await expect(
    waitFor(
      scene,
      scene.link.call(async () => 1),
    ),
  ).rejects.toThrow("away: gone");
  await waitFor(scene, scene.link.close());
});

/** Lets time go on until it is settled. */
async function waitFor<Result>(scene: Scene, promise: Promise<Result>): Promise<Result> {
  let isOver = false;
  const settled = promise.finally(() => {
    isOver = true;
  });
  settled.catch(() => undefined);
  for (let turn = 0; turn < 1_000 && !isOver; turn++) await scene.run(10);
  return settled;
}
