import { join } from "node:path";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import { type RegionOrder, type RegionPlan, RegionReport, type RegionState } from "./orders.ts";

const MAIN = join(import.meta.dir, "main.ts");

/** A bare region's process, and the way to tell it what to do. */
export class RegionProcess implements AsyncDisposable {
  readonly region: string;
  readonly #child: Bun.Subprocess;
  readonly #waiting: Map<number, (state: RegionState) => void>;
  #questions = 0;

  private constructor(
    region: string,
    child: Bun.Subprocess,
    waiting: Map<number, (state: RegionState) => void>,
  ) {
    this.region = region;
    this.#child = child;
    this.#waiting = waiting;
  }

  static async start(plan: RegionPlan): Promise<RegionProcess> {
    const ready = Promise.withResolvers<void>();
    const waiting = new Map<number, (state: RegionState) => void>();
    const { PATH, HOME } = process.env;
    const child = Bun.spawn([process.execPath, MAIN, JSON.stringify(plan)], {
      env: { ...SHARD_ENGINE, PATH, HOME },
      // What it says of cuts and clocks is what it should say; the figures tell what counts.
      stdio: ["ignore", "ignore", "inherit"],
      ipc: (message) => {
        const report = RegionReport.parse(message);
        if ("ready" in report) return ready.resolve();
        waiting.get(report.question)?.(report);
        waiting.delete(report.question);
      },
    });
    void child.exited.then((code) =>
      ready.reject(new Error(`cannot start region ${plan.region}: it left with ${code}`)),
    );
    await ready.promise;
    return new RegionProcess(plan.region, child, waiting);
  }

  tell(order: RegionOrder): void {
    this.#child.send(order);
  }

  /** How it is, and what is in cells: x and y of each. */
  ask(cells: readonly number[] = []): Promise<RegionState> {
    this.#questions += 1;
    const question = this.#questions;
    const { promise, resolve } = Promise.withResolvers<RegionState>();
    this.#waiting.set(question, resolve);
    this.tell({ order: "ask", question, cells: [...cells] });
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }
}
