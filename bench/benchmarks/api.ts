import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBenchmark, type Figures } from "../run/benchmark.ts";
import { ApiServer } from "./api/load-api.ts";

const CPU_RATIO_MAX = 1.5;
/** Both are loaded by turns, so that whatever slows the machine down slows both. */
const TURNS = 5;

/** What login, limits, checks and measuring cost on top of tRPC. */
export const api = defineBenchmark({
  name: "api",
  work: "an authenticated tRPC query against a bare tRPC handler with the same query",
  meanings: {
    cpuRatio: "processor time of a call, server divided by bare handler",
    appMicrosPerCall: "server: µs of processor time for a call",
    bareMicrosPerCall: "bare handler: µs of processor time for a call",
    appCallsPerSecond: "server: calls per second",
    bareCallsPerSecond: "bare handler: calls per second",
  },
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: { callers: 16, warmUpSeconds: 3, measureSeconds: 10 },
  bars: () => [{ metric: "cpuRatio", op: "<=", bound: CPU_RATIO_MAX }],
  async measure({ params, say }): Promise<Figures> {
    const folder = mkdtempSync(join(tmpdir(), "tessera-api-"));
    try {
      await using app = await ApiServer.start("app", folder);
      await using bare = await ApiServer.start("bare", folder);
      const { callers, warmUpSeconds } = params;
      say("warming up");
      for (const server of [app, bare]) await server.load({ callers, seconds: warmUpSeconds });
      say("calls by turns");
      const seconds = params.measureSeconds / TURNS;
      const sums = { app: emptySum(), bare: emptySum() };
      for (let turn = 0; turn < TURNS; turn++) {
        add(sums.app, await app.load({ callers, seconds }));
        add(sums.bare, await bare.load({ callers, seconds }));
      }
      return compare(sums);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

type Sum = ReturnType<typeof emptySum>;

function emptySum() {
  return { calls: 0, wallSeconds: 0, cpuSeconds: 0 };
}

function add(sum: Sum, one: Sum): void {
  sum.calls += one.calls;
  sum.wallSeconds += one.wallSeconds;
  sum.cpuSeconds += one.cpuSeconds;
}

function compare({ app, bare }: { app: Sum; bare: Sum }): Figures {
  const appMicrosPerCall = (app.cpuSeconds * 1e6) / app.calls;
  const bareMicrosPerCall = (bare.cpuSeconds * 1e6) / bare.calls;
  return {
    cpuRatio: appMicrosPerCall / bareMicrosPerCall,
    appMicrosPerCall,
    bareMicrosPerCall,
    appCallsPerSecond: app.calls / app.wallSeconds,
    bareCallsPerSecond: bare.calls / bare.wallSeconds,
  };
}
