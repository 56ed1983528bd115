// Random news of two regions against a plain model of them, by way of what clients are told: each
// sees exactly the ghosts that are in the chunks it watches, as they were told of last.
import { expect, test } from "bun:test";
import { BlocksKind, createRandom, isGhostId, type Random } from "#shared/sim/index.ts";
import { BlocksOnlooker, BlocksWorkbench } from "../../../testing/blocks-workbench.ts";
import type { GhostRecord, RegionGhosts } from "../../region-ghosts.ts";

const SEEDS = [1, 2, 3, 4];
const ROUNDS = 600;
const REGIONS = ["eu-west-1", "us-east-1"] as const;
const RATE = 20;
/** Ticks without a word after which one is gone, and between two looks for such. */
const SILENT_TICKS = 5 * RATE;
const LOOK_TICKS = RATE / 2;
/** Where the players are, and how far around them ghosts come: in hundredths. */
const MIDDLE = 102_400;
const AROUND = 4_000;
const IDS = 30;
const KINDS: readonly number[] = [BlocksKind.Player, BlocksKind.Player, BlocksKind.Cow];

class Fuzz {
  readonly #bench = new BlocksWorkbench();
  readonly #ghosts: RegionGhosts;
  readonly #random: Random;
  readonly #onlookers = new Map<number, BlocksOnlooker>();
  readonly #model = REGIONS.map((region) => {
    return { region, silentUntil: 0, ghosts: new Map<number, { at: number; is: GhostRecord }>() };
  });
  /** Pictures that were compared, and ghosts in them. */
  compared = 0;
  seen = 0;

  constructor(seed: number) {
    this.#random = createRandom(seed);
    const { ghosts } = this.#bench.bench.world;
    if (ghosts === undefined) throw new Error("cannot test: blocks show no ghosts");
    this.#ghosts = ghosts;
    this.#bench.enter(1, { x: MIDDLE, y: MIDDLE });
    this.#bench.enter(2, { x: MIDDLE + 1_700, y: MIDDLE });
  }

  round(): void {
    const { bench } = this.#bench;
    const tick = bench.loop.tick + 1;
    for (const index of REGIONS.keys()) this.#tell(index, tick);
    if (this.#random.below(30) === 0) bench.put({ kind: "lostBase", connection: 1 });
    if (this.#random.below(4) === 0) this.#bench.move(2, this.#step(), this.#step());
    bench.roomForFrames = this.#random.below(12) !== 0;
    bench.isDiskSlow = this.#random.below(3) !== 0;
    this.#bench.tick();
    if (tick % LOOK_TICKS === 1) this.#forgetSilent(tick);
    this.#look();
  }

  #tell(index: number, tick: number): void {
    const known = this.#model[index];
    if (known === undefined || known.silentUntil > tick || this.#random.below(2) === 0) return;
    if (this.#random.below(150) === 0) known.silentUntil = tick + SILENT_TICKS + 20;
    const anew = this.#random.below(80) === 0;
    const gone = this.#random.below(6) === 0 ? [this.#id()] : [];
    const count = this.#random.below(6);
    const ids = new Set(Array.from({ length: count }, () => this.#id()));
    const ghosts = [...ids].map((id) => this.#ghost(id, known.ghosts.get(id)?.is.kind));
    const emotes = [{ id: this.#id(), emote: this.#random.below(40) }];
    const { region } = known;
    this.#ghosts.hear({ region, tick, tickRate: RATE, anew, gone, ghosts, emotes });
    if (anew) known.ghosts.clear();
    for (const id of gone) known.ghosts.delete(id);
    for (const is of ghosts) known.ghosts.set(is.id, { at: tick, is });
  }

  #ghost(id: number, kind = KINDS[id % KINDS.length] ?? BlocksKind.Cow): GhostRecord {
    const random = this.#random;
    const place = () => MIDDLE - AROUND + random.below(2 * AROUND);
    const way = () => (random.below(3) - 1) * 1_600;
    return {
      ...{ id, kind, age: 0, x: place(), y: place(), vx: way(), vy: way() },
      ...{ wounds: random.below(3), facing: random.below(8), state: random.below(3) },
      name: kind === BlocksKind.Player ? `name ${random.below(4)}` : "",
    };
  }

  #forgetSilent(tick: number): void {
    for (const { ghosts } of this.#model) {
      for (const [id, { at }] of ghosts) if (tick - at >= SILENT_TICKS) ghosts.delete(id);
    }
  }

  #look(): void {
    const { bench } = this.#bench;
    for (const { connection, content, tick } of bench.frames.splice(0)) {
      const onlooker = this.#onlookers.get(connection) ?? new BlocksOnlooker();
      this.#onlookers.set(connection, onlooker);
      onlooker.take(content);
      expect(onlooker.view.mismatches).toBe(0);
      if (tick === bench.loop.tick) this.#compare(onlooker);
    }
  }

  #compare({ view }: BlocksOnlooker): void {
    const shown = [...view.entities.values()].filter(({ home }) => home !== "");
    expect(shown.every(({ id }) => isGhostId(id))).toBe(true);
    const truth = this.#model.flatMap(({ region, ghosts }) => {
      return [...ghosts.values()].map(({ is, at }) => ({ ...is, home: region, tick: at }));
    });
    const inSight = truth.filter(({ x, y }) => {
      return view.chunks.has(Math.floor(y / 1_600) * 128 + Math.floor(x / 1_600));
    });
    expect(shown.map(describe).sort()).toEqual(inSight.map(describe).sort());
    this.compared += 1;
    this.seen += shown.length;
  }

  #id(): number {
    return 1 + this.#random.below(IDS);
  }

  #step(): number {
    return this.#random.below(3) - 1;
  }
}

function describe(ghost: Omit<GhostRecord, "id" | "age"> & { home: string; tick: number }): string {
  const { home, kind, name, x, y, vx, vy, tick, wounds, facing, state } = ghost;
  return [home, kind, name, x, y, vx, vy, tick, wounds, facing, state].join(" ");
}

for (const seed of SEEDS) {
  test(`clients see the ghosts that there are, seed ${seed}`, () => {
    const fuzz = new Fuzz(seed);
    for (let round = 0; round < ROUNDS; round++) fuzz.round();
    expect(fuzz.compared).toBeGreaterThan(ROUNDS / 4);
    expect(fuzz.seen).toBeGreaterThan(ROUNDS);
  });
}
