// A shard's process over a disk that is as slow as one likes; it can be killed and started again on
// the same data.
//
//   await using shard = await DiskShard.start({ clock: systemClock });
//   shard.orders.order({ msMin: 50, msMax: 500, seed: 1 });
//   await shard.kill();
//   await shard.run();
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Admission } from "../../load/admission.ts";
import { MetricsText } from "../../load/metrics-text.ts";
import { openTicketOffice, type TicketOffice } from "../../load/ticket-office.ts";
import { pause } from "../run/waiting.ts";
import { DiskOrders } from "./disk-orders.ts";

const MAIN = join(import.meta.dir, "shard-main.ts");
const SHARD_KEY = "arena:1:eu-west-1";
/** Looks, not time: on a machine that stands still for a while nobody is late. */
const START_LOOKS_MAX = 4_000;
const START_LOOK_MS = 5;
/** After this long an ordered stop is not waited for. */
const STOP_MS_MAX = 6_000;

/** A tick as its shard has measured it. */
export interface TickFigures {
  readonly latenessMs: number;
  readonly durationMs: number;
}

/** What the process says: where it serves, once, and then how its ticks go. */
type ShardWord = { readonly url: string } | { readonly ticks: readonly TickFigures[] };

export interface DiskShardOptions {
  readonly clock: Clock;
  /** Units on a side of the world and of its cells. */
  readonly side?: number;
  readonly cell?: number;
  /** Connections from this machine. */
  readonly connectionsMax?: number;
}

/** The process and its folder; disposing it removes both. */
export class DiskShard implements AsyncDisposable {
  readonly orders: DiskOrders;
  /** All ticks so far, but for the last few. */
  readonly ticks: TickFigures[] = [];
  readonly admission: Admission;
  readonly #folder = mkdtempSync(join(tmpdir(), "tessera-disk-"));
  readonly #clock: Clock;
  readonly #office: TicketOffice;
  readonly #environment: Record<string, string | undefined>;
  #child: Bun.Subprocess | undefined;
  /** ws://127.0.0.1:PORT/game */
  address = "";

  private constructor(options: DiskShardOptions, office: TicketOffice) {
    const { clock, side, cell, connectionsMax = 100 } = options;
    const databases = join(this.#folder, "shards");
    mkdirSync(databases);
    this.orders = new DiskOrders(databases);
    this.#clock = clock;
    this.#office = office;
    this.#environment = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...SHARD_ENGINE,
      TESSERA_DATA: this.#folder,
      TESSERA_SERVER_URL: office.serverUrl,
      TESSERA_SHARD_PORT: "0",
      TESSERA_LOG_LEVEL: "error",
      TESSERA_CONNECTIONS_PER_IP: String(connectionsMax),
      ...(side && { TESSERA_ARENA_SIDE: String(side) }),
      ...(cell && { TESSERA_ARENA_CELL: String(cell) }),
    };
    this.admission = {
      admit: async (index) => ({
        address: this.address,
        ticket: await office.ticket(`load-${index}`),
      }),
    };
    // Whoever leaves in a hurry leaves nothing behind.
    process.once("exit", this.#abandon);
  }

  static async start(options: DiskShardOptions): Promise<DiskShard> {
    const shard = new DiskShard(options, await openTicketOffice(SHARD_KEY, options.clock));
    try {
      await shard.run();
      return shard;
    } catch (error) {
      await shard[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the process on what the folder holds, and waits until it serves. */
  async run(): Promise<void> {
    let address: string | undefined;
    const child = Bun.spawn([process.execPath, MAIN, "--region", "eu-west-1", "--world", "arena"], {
      env: this.#environment,
      stdio: ["ignore", "inherit", "inherit"],
      ipc: (message: ShardWord) => {
        if ("ticks" in message) this.ticks.push(...message.ticks);
        else address = message.url;
      },
    });
    this.#child = child;
    for (let looks = 0; address === undefined; looks += 1) {
      if (child.exitCode !== null) {
        throw new Error(`cannot start the shard: it left with code ${child.exitCode}`);
      }
      if (looks === START_LOOKS_MAX) throw new Error("cannot start the shard: it does not answer");
      await pause(this.#clock, START_LOOK_MS);
    }
    this.address = address;
  }

  /** Ends the process in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
  }

  ticket(playerId: string): Promise<string> {
    return this.#office.ticket(playerId);
  }

  /** What the process says of itself. */
  async metrics(): Promise<MetricsText> {
    const response = await fetch(new URL("/metrics", this.address.replace(/^ws/, "http")));
    if (!response.ok) throw new Error(`cannot read the shard's metrics: HTTP ${response.status}`);
    return new MetricsText(await response.text());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#abandon);
    const child = this.#child;
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGTERM");
      const cancel = this.#clock.schedule(STOP_MS_MAX, () => child.kill("SIGKILL"));
      await child.exited;
      cancel();
    }
    await this.#office.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  readonly #abandon = () => {
    this.#child?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };
}
