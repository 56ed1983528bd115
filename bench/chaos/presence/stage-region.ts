// A region as a deployment has it: a server with a database of its own, and two shards that it
// leases, behind one cable to the broker on which all regions meet.
import { join } from "node:path";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import type { Broker } from "../../regions/brokers.ts";
import { Cable } from "../../regions/cable.ts";
import { StageProcess } from "./stage-process.ts";

const INSTANCES = ["1", "2"];

/** One shard, and what it is called in answers about presence. */
export interface StageShard {
  readonly key: string;
  readonly process: StageProcess;
}

/** The processes of one region; `end` ends them all. */
export class StageRegion {
  readonly name: string;
  readonly cable: Cable;
  readonly server: StageProcess;
  readonly shards: readonly StageShard[];

  private constructor(parts: Omit<StageRegion, "url" | "shardAt" | "start" | "end" | "all">) {
    this.name = parts.name;
    this.cable = parts.cable;
    this.server = parts.server;
    this.shards = parts.shards;
  }

  /** Starts it in a folder of its own. */
  static async start(options: {
    name: string;
    broker: Broker;
    folder: string;
    secret: string;
  }): Promise<StageRegion> {
    const { name, broker, folder, secret } = options;
    const cable = await Cable.to(broker.port);
    const shared = {
      TESSERA_DATA: join(folder, name),
      TESSERA_BUS: broker.at(cable.port),
      TESSERA_CLUSTER_SECRET: secret,
    };
    const server = new StageProcess({
      entry: "server/main.ts",
      environment: { ...shared, TESSERA_LIMIT_FACTOR: "1000" },
      portSetting: "TESSERA_PORT",
    });
    await server.start();
    const shards = INSTANCES.map((instance) => ({
      key: `arena:${instance}:${name}`,
      process: new StageProcess({
        entry: "shards/main.ts",
        flags: ["--region", name, "--world", "arena", "--instance", instance],
        environment: {
          ...SHARD_ENGINE,
          ...shared,
          TESSERA_SERVER_URL: server.url.origin,
          TESSERA_CONNECTIONS_PER_IP: "1000",
        },
        portSetting: "TESSERA_SHARD_PORT",
      }),
    }));
    const region = new StageRegion({ name, cable, server, shards });
    await region.#startShards();
    return region;
  }

  get url(): string {
    return this.server.url.origin;
  }

  /** Its processes. */
  get all(): StageProcess[] {
    return [this.server, ...this.shards.map(({ process }) => process)];
  }

  /** The shard that listens at an address. */
  shardAt(address: string): StageShard | undefined {
    const { port } = new URL(address);
    return this.shards.find(({ process }) => process.url.port === port);
  }

  /** Starts all of it again. */
  async start(): Promise<void> {
    await this.server.start();
    await this.#startShards();
  }

  async end(): Promise<void> {
    for (const process of this.all) await process.end();
    await this.cable[Symbol.asyncDispose]();
  }

  async #startShards(): Promise<void> {
    await Promise.all(this.shards.map(({ process }) => process.start()));
  }
}
