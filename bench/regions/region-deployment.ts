// Regions of a world of blocks as docs/OPERATIONS.md starts them: a server, a broker, and a shard
// in each region, whose cable to the broker can be cut. Region files are in a folder of its own.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "#shared/time/clock.ts";
import { pause } from "../chaos/run/waiting.ts";
import { openScratchFolder } from "../run/scratch-folder.ts";
import { type Broker, type BrokerName, startBroker } from "./brokers.ts";
import { Cable, type CableState } from "./cable.ts";
import { HouseProcess } from "./house-process.ts";

const ROOT = join(import.meta.dir, "../..");
const LOOK_MS = 20;
export const REGIONS = ["eu-west-1", "us-east-1"] as const;
export type RegionName = (typeof REGIONS)[number];

/** The processes of all regions; disposing of it ends them all. */
export class RegionDeployment implements AsyncDisposable {
  url = "";
  readonly broker: Broker;
  readonly #folder = openScratchFolder("regions", () => this.#abandon());
  readonly #cables = new Map<string, Cable>();
  readonly #shards = new Map<string, HouseProcess>();
  /** All that were started, those of tests too. */
  readonly #processes: HouseProcess[] = [];
  #server: HouseProcess | undefined;

  private constructor(broker: Broker) {
    this.broker = broker;
  }

  /** Two regions that serve. */
  static async start(name: BrokerName): Promise<RegionDeployment> {
    const deployment = new RegionDeployment(await startBroker(name));
    await deployment.#open();
    return deployment;
  }

  /** What all processes share: databases and the cluster's secret. */
  get data(): string {
    return this.#folder.path;
  }

  /** Regions whose shard was started, in that order. */
  get regions(): readonly string[] {
    return [...this.#shards.keys()];
  }

  /** Writes a region's file, or takes it away. */
  setFile(region: string, content: string | undefined): void {
    const path = join(this.#regionFolder, `${region}.yaml`);
    if (content === undefined) rmSync(path);
    else writeFileSync(path, content);
  }

  /** Starts a region's shard on a cable of its own and waits until it serves. */
  async add(region: string, settings: Record<string, string> = {}): Promise<void> {
    const cable = await Cable.to(this.broker.port);
    this.#cables.set(region, cable);
    const shard = this.launch(region, { TESSERA_BUS: this.broker.at(cable.port), ...settings });
    this.#shards.set(region, shard);
    await shard.ready;
  }

  /** Starts a shard for a region, which need not come up. */
  launch(region: string, settings: Record<string, string> = {}): HouseProcess {
    return this.#run(["shards/main.ts", "--region", region, "--world", "blocks"], {
      TESSERA_SERVER_URL: this.url,
      TESSERA_SHARD_PORT: "0",
      TESSERA_BUS: this.broker.url,
      ...settings,
    });
  }

  /** Cuts a region off from the broker, or heals it. */
  setCable(region: string, state: CableState): void {
    const cable = this.#cables.get(region);
    if (cable === undefined) throw new Error(`cannot cut ${region}: it has no cable`);
    cable.state = state;
  }

  /** The hash of a region's blocks, as its metrics tell it. */
  async hashOf(region: string): Promise<string> {
    return (await this.metric(region, "tessera_region_state_hash")) ?? "";
  }

  /** The value of a metric of a region's shard. */
  async metric(region: string, name: string): Promise<string | undefined> {
    const text = await (await fetch(this.#at(region, "metrics"))).text();
    return new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, "m").exec(text)?.[1];
  }

  /** What a region's shard says of itself. */
  async health(region: string): Promise<Record<string, unknown>> {
    return await (await fetch(this.#at(region, "health"))).json();
  }

  /** What a region's shard, or the server, has written to its log. */
  logOf(process: string): string {
    return (process === "server" ? this.#server : this.#shards.get(process))?.output ?? "";
  }

  /** Waits until all regions have the same blocks; how long that took, or undefined. */
  async agree(withinMs: number): Promise<number | undefined> {
    const startMs = systemClock.monotonicMs();
    for (;;) {
      const hashes = await Promise.all(this.regions.map((region) => this.hashOf(region)));
      const waitedMs = systemClock.monotonicMs() - startMs;
      if (hashes[0] !== "" && hashes.every((hash) => hash === hashes[0])) return waitedMs;
      if (waitedMs > withinMs) return undefined;
      await pause(systemClock, LOOK_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of [...this.#shards.values(), this.#server]) await process?.stop();
    this.#abandon();
    for (const cable of this.#cables.values()) await cable[Symbol.asyncDispose]();
    await this.broker[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }

  get #regionFolder(): string {
    return join(this.#folder.path, "regions");
  }

  #at(region: string, page: string): string {
    const url = this.#shards.get(region)?.url ?? "";
    return url.replace(/^ws(.*)\/game$/, `http$1/${page}`);
  }

  #abandon(): void {
    for (const process of this.#processes) process.kill("SIGKILL");
  }

  async #open(): Promise<void> {
    mkdirSync(this.#regionFolder);
    for (const region of REGIONS) {
      const name = `${region}.yaml`;
      cpSync(join(ROOT, "regions", name), join(this.#regionFolder, name));
    }
    const settings = { TESSERA_PORT: "0", TESSERA_BUS: this.broker.url };
    this.#server = this.#run(["server/main.ts"], settings);
    await this.#server.ready;
    this.url = this.#server.url;
    for (const region of REGIONS) await this.add(region);
  }

  #run(command: readonly string[], settings: Record<string, string>): HouseProcess {
    const process = new HouseProcess(command, {
      TESSERA_DATA: this.#folder.path,
      TESSERA_REGIONS: this.#regionFolder,
      ...settings,
    });
    this.#processes.push(process);
    return process;
  }
}
