// A process of clients that stop reading.
import { join } from "node:path";
import { z } from "zod";

const MAIN = join(import.meta.dir, "main.ts");

/**
 * What a client does once it reads no more: nothing; plays on; asks for ever more; also claims to
 * have read; or reads on after a while and must be in sync.
 */
export const SlowKind = z.enum(["deaf", "playing", "greedy", "feigning", "sleepy"]);
export type SlowKind = z.infer<typeof SlowKind>;

/** What the process is told at its start. */
export const SlowOrders = z.object({
  address: z.string(),
  clients: z.array(
    z.object({
      kind: SlowKind,
      ticket: z.string(),
      /** How long a sleepy one sleeps. */
      sleepMs: z.number(),
    }),
  ),
});
export type SlowOrders = z.infer<typeof SlowOrders>;

/** What it tells: at first who is in, at the end how those fared who read on. */
export const SlowReport = z.discriminatedUnion("type", [
  z.object({ type: z.literal("in"), ports: z.array(z.number()) }),
  z.object({
    type: z.literal("over"),
    checks: z.number(),
    mismatches: z.number(),
    resets: z.number(),
    cuts: z.number(),
  }),
]);
export type SlowReport = z.infer<typeof SlowReport>;
type OverReport = Extract<SlowReport, { type: "over" }>;

/** What it is told later. */
export const SlowCommand = z.enum(["stop reading", "report"]);

/** A running process of slow clients. */
export class SlowClients implements AsyncDisposable {
  readonly #child: Bun.Subprocess;
  readonly #in = Promise.withResolvers<readonly number[]>();
  readonly #over = Promise.withResolvers<OverReport>();

  constructor(orders: SlowOrders) {
    this.#over.promise.catch(() => undefined);
    this.#child = Bun.spawn([process.execPath, MAIN], {
      stdio: ["ignore", "inherit", "inherit"],
      ipc: (message) => {
        const report = SlowReport.parse(message);
        if (report.type === "in") this.#in.resolve(report.ports);
        else this.#over.resolve(report);
      },
    });
    void this.#child.exited.then((code) => {
      const error = new Error(`cannot be slow: the clients' process ended with code ${code}`);
      this.#in.reject(error);
      this.#over.reject(error);
    });
    this.#child.send(orders);
  }

  /** Their ports, in the order of their orders, once all play. */
  get ports(): Promise<readonly number[]> {
    return this.#in.promise;
  }

  /** Each does as its kind says. */
  stopReading(): void {
    this.#child.send("stop reading");
  }

  /** Stands the whole process still: nothing in it reads, writes or closes. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  async report(): Promise<OverReport> {
    this.#child.send("report");
    return await this.#over.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }
}
