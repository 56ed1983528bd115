// Players in two regions of one world of blocks, who build while one region is cut off.
import { Block } from "#shared/sim/index.ts";
import type { Random } from "#shared/sim/kernel/random.ts";
import type { Clock } from "#shared/time/clock.ts";
import { ActionError, type BlocksSession, createClient } from "../../../client/index.ts";
import { REGIONS, type RegionName } from "../../regions/region-deployment.ts";
import { pause, waitUntil } from "../run/waiting.ts";

/** How far from where it stands a player builds, in blocks. */
const REACH = 3;
const CEILING = 2;
/** Everybody has 32 planks, which last for half a minute like that. */
const PAUSE_MS = 900;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** One player who builds. */
interface Builder {
  readonly region: RegionName;
  readonly session: BlocksSession;
  /** Planks that it had, and what it was told that it has built. */
  readonly planks: number;
  readonly built: Place[];
}

/** All of them, and what came of it. */
export class Builders {
  readonly #builders: readonly Builder[];
  readonly #clock: Clock;
  readonly #random: Random;
  /** Changes of a connection. */
  disconnects = 0;
  /** Builds of which nobody knows what became. */
  unanswered = 0;

  private constructor(builders: readonly Builder[], options: { clock: Clock; random: Random }) {
    this.#builders = builders;
    this.#clock = options.clock;
    this.#random = options.random;
    for (const { session } of builders) {
      session.on("status", () => {
        this.disconnects += 1;
      });
    }
  }

  /** So many players join in each region. */
  static async join(
    url: string,
    options: { count: number; clock: Clock; random: Random },
  ): Promise<Builders> {
    const builders: Builder[] = [];
    for (const region of REGIONS) {
      for (let left = options.count; left > 0; left -= 1) {
        builders.push(await joinOne(url, region, options.clock));
      }
    }
    return new Builders(builders, options);
  }

  get built(): number {
    return this.#builders.reduce((sum, { built }) => sum + built.length, 0);
  }

  /** Everybody builds for a time. */
  async build(ms: number): Promise<void> {
    const endMs = this.#clock.monotonicMs() + ms;
    await Promise.all(
      this.#builders.map(async (builder) => {
        while (this.#clock.monotonicMs() < endMs) {
          await this.#buildOne(builder);
          await pause(this.#clock, PAUSE_MS);
        }
      }),
    );
  }

  /** Acknowledged builds that some player, in either region, sees there and that are not there. */
  async countMissing(): Promise<number> {
    const places = this.#builders.flatMap(({ built }) => built);
    const count = () => {
      return places.filter(({ x, y }) =>
        this.#builders.some(({ session }) => {
          const id = session.land.block(x, y, CEILING)?.id;
          return id !== undefined && id !== Block.Planks;
        }),
      ).length;
    };
    await waitUntil(this.#clock, () => count() === 0, 5_000);
    return count();
  }

  /** Planks that players have more or less than what they built leaves them. */
  async countPlanksWrong(): Promise<number> {
    const count = () => {
      return this.#builders.reduce((sum, { session, planks, built }) => {
        return sum + Math.abs(planksOf(session) - (planks - built.length));
      }, 0);
    };
    await waitUntil(this.#clock, () => count() === 0, 5_000);
    return count();
  }

  async leave(): Promise<void> {
    await Promise.all(this.#builders.map(({ session }) => session.leave()));
  }

  async #buildOne({ session, built }: Builder): Promise<void> {
    const { self } = session.sample();
    const slot = session.selfState.inventory.findIndex(({ item }) => item === Block.Planks);
    if (self === null || slot === -1) return;
    const offset = () => this.#random.below(REACH * 2 + 1) - REACH;
    const place = { x: Math.floor(self.x) + offset(), y: Math.floor(self.y) + offset() };
    if (session.land.block(place.x, place.y, CEILING)?.id !== Block.Air) return;
    try {
      await session.perform({ case: "buildPlace", place: { ...place, layer: CEILING }, slot });
      built.push(place);
    } catch (error) {
      // That somebody was there first is no fault; that nobody knows is.
      if (!(error instanceof ActionError) || error.problem !== "refused") this.unanswered += 1;
    }
  }
}

async function joinOne(url: string, region: RegionName, clock: Clock): Promise<Builder> {
  const client = createClient({ url });
  await client.guest({ displayName: `Builder in ${region}` });
  // The server hears of shards over the bus.
  await waitUntil(clock, async () => {
    const { worlds } = await client.api.worlds.list.query();
    const blocks = worlds.find(({ id }) => id === "blocks");
    return blocks?.regions.some((one) => one.region === region && one.online) ?? false;
  });
  const session = await client.join("blocks", { region, viewport: { width: 100, height: 75 } });
  await waitUntil(clock, () => session.sample().self !== null && planksOf(session) > 0);
  return { region, session, planks: planksOf(session), built: [] };
}

function planksOf(session: BlocksSession): number {
  return session.selfState.inventory.reduce((sum, { item, count }) => {
    return item === Block.Planks ? sum + count : sum;
  }, 0);
}
