/** The regions of a world, and how far each is from here. */
import type { Clock } from "#shared/time/clock.ts";
import type { Client } from "../../index.ts";
import { measureWay, type ProbeSocketClass } from "./measure-way.ts";

/** A region that one may play in. */
export interface RegionWay {
  readonly region: string;
  readonly title: string;
  readonly online: boolean;
  /** Milliseconds there and back, about; null while it is unknown. */
  readonly rttMs: number | null;
}

export interface RegionWaysOptions {
  readonly client: Pick<Client, "api">;
  readonly clock: Clock;
  readonly worldId: string;
  readonly WebSocket: ProbeSocketClass;
  /** That a worse path than there is would add. */
  readonly addedMs: number;
  readonly onChange: (ways: readonly RegionWay[]) => void;
}

/** Sooner than this nothing is asked or measured again. */
const FRESH_MS = 10_000;

export class RegionWays {
  readonly #options: RegionWaysOptions;
  #ways: readonly RegionWay[] = [];
  #refreshedMs = Number.NEGATIVE_INFINITY;

  constructor(options: RegionWaysOptions) {
    this.#options = options;
  }

  /** The title of a region, or its id. */
  titleOf(region: string): string {
    return this.#ways.find((way) => way.region === region)?.title ?? region;
  }

  /** Asks and measures, unless it has just done so; without an answer all stays as it was. */
  async refresh(): Promise<void> {
    const { client, clock, worldId } = this.#options;
    if (clock.monotonicMs() - this.#refreshedMs < FRESH_MS) return;
    this.#refreshedMs = clock.monotonicMs();
    const world = await client.api.worlds.get.query({ worldId }).catch(() => null);
    if (world === null) return;
    const before = this.#ways;
    this.#tell(
      world.regions.map(({ region, title, online }) => {
        const rttMs = before.find((way) => way.region === region)?.rttMs ?? null;
        return { region, title, online, rttMs };
      }),
    );
    for (const { region, address } of world.regions) {
      if (address !== null) await this.#measure(region, address);
    }
  }

  async #measure(region: string, address: string): Promise<void> {
    const wayMs = await measureWay(address, this.#options);
    const rttMs = wayMs === null ? null : wayMs + this.#options.addedMs;
    this.#tell(this.#ways.map((way) => (way.region === region ? { ...way, rttMs } : way)));
  }

  #tell(ways: readonly RegionWay[]): void {
    this.#ways = ways;
    this.#options.onChange(ways);
  }
}
