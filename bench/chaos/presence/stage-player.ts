import { createClient, type Session } from "../../../client/index.ts";
import { Cable, type CableState } from "../../regions/cable.ts";
import type { StageRegion } from "./stage-region.ts";

/** A player of the SDK on cables of its own, one to each shard of its region. */
export class StagePlayer {
  readonly region: StageRegion;
  readonly id: string;
  readonly #session: Session;
  readonly #cables: readonly Cable[];
  readonly #dialled: { address: string };

  private constructor(parts: {
    region: StageRegion;
    id: string;
    session: Session;
    cables: readonly Cable[];
    dialled: { address: string };
  }) {
    this.region = parts.region;
    this.id = parts.id;
    this.#session = parts.session;
    this.#cables = parts.cables;
    this.#dialled = parts.dialled;
  }

  static async join(region: StageRegion, options: { random: () => number }): Promise<StagePlayer> {
    const cables = new Map<string, Cable>();
    for (const { process } of region.shards) {
      const { port } = process.url;
      cables.set(port, await Cable.to(Number(port)));
    }
    const dialled = { address: "" };
    const wire = (address: string) => {
      dialled.address = address;
      const url = new URL(address);
      url.port = String(cables.get(url.port)?.port ?? url.port);
      return url.href;
    };
    const client = createClient({
      ...{ url: region.url, random: options.random },
      storage: memory(),
      WebSocket: class extends WebSocket {
        constructor(address: string) {
          super(wire(address));
        }
      },
    });
    const { id } = await client.guest({ displayName: `In ${region.name}` });
    const session = await client.join("arena");
    return new StagePlayer({ region, id, session, cables: [...cables.values()], dialled });
  }

  /** The shard that it plays on, as it sees it; undefined while it tries to come back. */
  get shardKey(): string | undefined {
    if (this.#session.status !== "playing") return undefined;
    return this.region.shardAt(this.#dialled.address)?.key;
  }

  /** Calls `changed` whenever it has come back, or has lost its connection. */
  watch(changed: () => void): void {
    this.#session.on("status", changed);
  }

  set cable(state: CableState) {
    for (const cable of this.#cables) cable.state = state;
  }

  async end(): Promise<void> {
    await this.#session.leave();
    for (const cable of this.#cables) await cable[Symbol.asyncDispose]();
  }
}

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}
