import { join } from "node:path";
import { z } from "zod";
import { systemClock } from "#shared/time/clock.ts";
import { readProcessUsage } from "../../load/process-usage.ts";
import { Swarm } from "../../load/swarm.ts";
import type { SwarmFigures } from "../../load/swarm-figures.ts";
import type { SizeCount } from "./floor-frames.ts";

/** What the floor is put under: as a shard, with the sizes of the shard's frames. */
export interface FloorLoad {
  readonly players: number;
  readonly tickRate: number;
  readonly sendIntervalTicks: number;
  readonly sizes: readonly SizeCount[];
  readonly rampSeconds: number;
  readonly warmUpSeconds: number;
  readonly measureSeconds: number;
  say(text: string): void;
}

export interface FloorOutcome {
  readonly swarm: SwarmFigures;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
}

const MAIN = join(import.meta.dir, "main.ts");
const Hello = z.object({ url: z.string() });

/** A bare server with the same players. */
export async function loadFloor(load: FloorLoad): Promise<FloorOutcome> {
  const { players, tickRate, sendIntervalTicks, sizes, say } = load;
  await using floor = await startFloor({ tickRate, sendIntervalTicks, sizes });
  await using swarm = new Swarm({
    admission: { admit: async () => ({ address: floor.url, ticket: "" }) },
    clock: systemClock,
  });
  say(`${players.toLocaleString("en-US")} players come to the floor`);
  await swarm.grow(players, { seconds: load.rampSeconds });
  await Bun.sleep(load.warmUpSeconds * 1_000);
  say(`${swarm.playing.toLocaleString("en-US")} are there; measuring`);
  const measuring = swarm.measure(load.measureSeconds);
  const before = floor.read();
  await Bun.sleep(load.measureSeconds * 1_000);
  const after = floor.read();
  const seconds = (after.atMs - before.atMs) / 1_000;
  return {
    swarm: await measuring,
    cpuPercent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds,
    rssBytes: after.rssBytes,
  };
}

async function startFloor(task: object) {
  const ready = Promise.withResolvers<string>();
  const child = Bun.spawn([process.execPath, MAIN, JSON.stringify(task)], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => ready.resolve(Hello.parse(message).url),
  });
  void child.exited.then((code) => ready.reject(new Error(`cannot start the floor: code ${code}`)));
  const url = await ready.promise;
  return {
    url,
    read() {
      const usage = readProcessUsage(child.pid);
      if (usage === undefined) throw new Error("cannot measure the floor: it needs Linux' /proc");
      return { ...usage, atMs: systemClock.monotonicMs() };
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}
