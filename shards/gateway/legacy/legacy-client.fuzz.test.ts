// Clients of the ancestor among others who come, go, fight, resize and stop reading in random
// order. Repeat one seed with:
//
//   bun test shards/gateway/legacy/legacy-client.fuzz.test.ts -t "seed 5 as delta$"
//
// For a longer hunt raise SEEDS or TICKS.
import { expect, test } from "bun:test";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { FuzzDriver } from "../../testing/fuzz-driver.ts";
import { FuzzShard } from "../../testing/fuzz-shard.ts";
import { LegacyFuzzClient } from "../../testing/legacy-fuzz-client.ts";
import type { LegacyForm } from "./legacy-scene.ts";

const SEEDS = 6;
const TICKS = 600;
const TICK_RATE = 30;
const VISITORS_MAX = 4;

const RUNS = (["events", "delta"] as const).flatMap((form) =>
  Array.from({ length: SEEDS }, (_, index) => [index + 1, form] as const),
);

test.each(RUNS)("seed %d as %s", async (seed, form) => {
  const random = createRandom(seed * 1_000 + (form === "events" ? 0 : 1));
  const shard = new FuzzShard(makeParameters(random, seed), 20);
  const driver = new FuzzDriver(shard, random);
  const visitors = new Visitors(shard, random, form);
  try {
    for (let tick = 0; tick < TICKS; tick++) {
      visitors.act();
      await driver.run();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`tick ${shard.loop.tick} of seed ${seed} as ${form}: ${reason}`, { cause });
  }
  expect(visitors.checks, "frames that were held against the truth").toBeGreaterThan(100);
  expect(visitors.seen, "players in them").toBeGreaterThan(200);
});

/** An arena so small that people meet, with a few cells at least. */
function makeParameters(random: Random, seed: number) {
  const side = () => 300 + random.below(700);
  const cellSize = 64 + random.below(192);
  return { seed, tickRate: TICK_RATE, width: side(), height: side(), cellSize };
}

/** What legacy clients do. */
class Visitors {
  readonly #shard: FuzzShard;
  readonly #random: Random;
  readonly #form: LegacyForm;
  readonly #all: LegacyFuzzClient[] = [];

  constructor(shard: FuzzShard, random: Random, form: LegacyForm) {
    this.#shard = shard;
    this.#random = random;
    this.#form = form;
  }

  get checks(): number {
    return this.#all.reduce((sum, client) => sum + client.checks, 0);
  }

  get seen(): number {
    return this.#all.reduce((sum, client) => sum + client.seen, 0);
  }

  act(): void {
    const open = this.#all.filter(({ isOpen }) => isOpen);
    for (const client of open) client.isReading ||= this.#below(20) === 0;
    if (open.length < VISITORS_MAX && this.#below(10) === 0) this.#come();
    const client = open[this.#below(Math.max(1, open.length))];
    if (client !== undefined) this.#actAs(client);
  }

  #come(): void {
    const { gateway, truth } = this.#shard;
    const uuid = `${String(this.#all.length).padStart(8, "0")}-of-the-test`;
    const client = new LegacyFuzzClient({ gateway, truth, form: this.#form, uuid });
    this.#all.push(client);
    this.#shard.visitors.push(client);
  }

  #actAs(client: LegacyFuzzClient): void {
    const roll = this.#below(100);
    if (roll < 50) client.move(this.#below(3) - 1, this.#below(3) - 1);
    else if (roll < 70) client.say(5);
    else if (roll < 80) client.say(4, this.#below(2));
    else if (roll < 90)
      client.resize({ width: 64 + this.#below(900), height: 64 + this.#below(900) });
    else if (roll < 95) client.say(6);
    else if (roll < 97) client.dropsNext = true;
    else if (roll < 98) client.isReading = false;
    else if (roll < 99) client.cut();
    else client.say(3, 0b1111, 0, 0, 0, 0);
  }

  #below(bound: number): number {
    return this.#random.below(bound);
  }
}
