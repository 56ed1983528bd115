// Two regions of a world of blocks as docs/OPERATIONS.md starts them: a server, a broker, and a
// shard in each region, whose cable to the broker can be cut.
import { join } from "node:path";
import { systemClock } from "#shared/time/clock.ts";
import { pause } from "../chaos/run/waiting.ts";
import { openScratchFolder } from "../run/scratch-folder.ts";
import { type Broker, type BrokerName, startBroker } from "./brokers.ts";
import { Cable, type CableState } from "./cable.ts";

const ROOT = join(import.meta.dir, "../..");
const LOOK_MS = 20;
export const REGIONS = ["eu-west-1", "us-east-1"] as const;
export type RegionName = (typeof REGIONS)[number];

interface Process {
  readonly child: Bun.Subprocess;
  readonly url: string;
}

/** The processes of both regions; disposing of it ends them all. */
export class TwoRegions implements AsyncDisposable {
  url = "";
  readonly #folder = openScratchFolder("regions", () => this.#abandon());
  readonly #cables = new Map<RegionName, Cable>();
  readonly #shards = new Map<RegionName, Process>();
  readonly #broker: Broker;
  #server: Process | undefined;

  private constructor(broker: Broker) {
    this.#broker = broker;
  }

  static async start(name: BrokerName): Promise<TwoRegions> {
    const regions = new TwoRegions(await startBroker(name));
    await regions.#open();
    return regions;
  }

  /** Cuts a region off from the broker, or heals it. */
  setCable(region: RegionName, state: CableState): void {
    const cable = this.#cables.get(region);
    if (cable === undefined) throw new Error(`cannot cut ${region}: it has no cable`);
    cable.state = state;
  }

  /** The hash of a region's blocks, as its metrics tell it. */
  async hashOf(region: RegionName): Promise<string> {
    return (await this.metric(region, "tessera_region_state_hash")) ?? "";
  }

  /** The value of a metric of a region's shard. */
  async metric(region: RegionName, name: string): Promise<string | undefined> {
    const text = await (await fetch(this.#at(region, "metrics"))).text();
    return new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, "m").exec(text)?.[1];
  }

  /** What a region's shard says of itself. */
  async health(region: RegionName): Promise<Record<string, unknown>> {
    return await (await fetch(this.#at(region, "health"))).json();
  }

  /** Waits until both regions have the same blocks; how long that took, or undefined. */
  async agree(withinMs: number): Promise<number | undefined> {
    const startMs = systemClock.monotonicMs();
    for (;;) {
      const [one, other] = await Promise.all(REGIONS.map((region) => this.hashOf(region)));
      const waitedMs = systemClock.monotonicMs() - startMs;
      if (one !== "" && one === other) return waitedMs;
      if (waitedMs > withinMs) return undefined;
      await pause(systemClock, LOOK_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of [...this.#shards.values(), this.#server]) {
      process?.child.kill("SIGTERM");
      await process?.child.exited;
    }
    for (const cable of this.#cables.values()) await cable[Symbol.asyncDispose]();
    await this.#broker[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }

  #at(region: RegionName, page: string): string {
    const url = this.#shards.get(region)?.url ?? "";
    return url.replace(/^ws(.*)\/game$/, `http$1/${page}`);
  }

  #abandon(): void {
    for (const process of [...this.#shards.values(), this.#server]) process?.child.kill("SIGKILL");
  }

  async #open(): Promise<void> {
    this.#server = await this.#run("server/main.ts", [], {
      TESSERA_PORT: "0",
      TESSERA_BUS: this.#broker.url,
    });
    this.url = this.#server.url;
    for (const region of REGIONS) {
      const cable = await Cable.to(this.#broker.port);
      this.#cables.set(region, cable);
      const flags = ["--region", region, "--world", "blocks"];
      const shard = await this.#run("shards/main.ts", flags, {
        TESSERA_SERVER_URL: this.url,
        TESSERA_SHARD_PORT: "0",
        TESSERA_BUS: this.#broker.at(cable.port),
      });
      this.#shards.set(region, shard);
    }
  }

  #run(entry: string, flags: readonly string[], settings: Record<string, string>) {
    const { promise, resolve, reject } = Promise.withResolvers<Process>();
    const { PATH = "", HOME = "" } = process.env;
    const base = { PATH, HOME, TESSERA_DATA: this.#folder.path, TESSERA_LOG_LEVEL: "error" };
    const child = Bun.spawn([process.execPath, join(ROOT, entry), ...flags], {
      cwd: ROOT,
      env: { ...base, ...settings },
      stdio: ["ignore", "ignore", "inherit"],
      ipc(message: { type?: string; url?: string }) {
        if (message.type === "ready" && message.url !== undefined) {
          resolve({ child, url: message.url });
        }
      },
    });
    void child.exited.then((code) => reject(new Error(`cannot start ${entry}: it left: ${code}`)));
    return promise;
  }
}
