// Tickets, tokens and leases live for seconds: clocks must go evenly, and those of server and
// shards together.
import type { Clock } from "#shared/time/clock.ts";
import type { Finding } from "./finding.ts";

const WATCH_MS = 400;
/** So far a clock may be moved while it is watched. */
const STEP_MS_MAX = 20;
/** The header tells whole seconds. */
const OFFSET_MS_MAX = 2_000;
/** No clock of a running Tessera shows less. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
const ANSWER_MS_MAX = 1_000;

/** Whether the wall clock goes as the monotonic one, and as the server's. */
export async function checkClock(clock: Clock, serverUrl: string): Promise<Finding[]> {
  const start = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.schedule(WATCH_MS, resolve);
  await promise;
  const passedMs = clock.monotonicMs() - start.monotonicMs;
  const stepMs = clock.wallMs() - start.wallMs - passedMs;
  return [
    judgeStep({ wallMs: start.wallMs, stepMs }),
    ...(await compareWithServer(clock, serverUrl)),
  ];
}

/** Says whether a clock that moved by so much more than time did is one. */
export function judgeStep({ wallMs, stepMs }: { wallMs: number; stepMs: number }): Finding {
  const check = "clock";
  const fix = "let NTP keep it (systemd-timesyncd, chrony), which slews instead of setting it";
  const shown = new Date(wallMs).toISOString();
  if (wallMs < EARLIEST_MS) {
    return { check, status: "problem", text: `it shows ${shown}: tokens cannot be checked`, fix };
  }
  if (Math.abs(stepMs) > STEP_MS_MAX) {
    const text = `it was moved by ${stepMs.toFixed(0)} ms while it was watched`;
    return { check, status: "warning", text, fix };
  }
  return { check, status: "ok", text: shown };
}

async function compareWithServer(clock: Clock, serverUrl: string): Promise<Finding[]> {
  let response: Response;
  try {
    const url = new URL("/health", serverUrl);
    response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  } catch {
    return [{ check: "server", status: "note", text: `none answers at ${serverUrl}` }];
  }
  const toldMs = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(toldMs)) return [];
  // In the middle of the second that it names.
  return [judgeOffset(clock.wallMs() - (toldMs + 500), serverUrl)];
}

/** Says whether two clocks are close enough. */
export function judgeOffset(offsetMs: number, serverUrl: string): Finding {
  const check = "clock of server";
  if (Math.abs(offsetMs) <= OFFSET_MS_MAX) {
    return { check, status: "ok", text: `as here (${serverUrl})` };
  }
  const seconds = (Math.abs(offsetMs) / 1_000).toFixed(0);
  const where = offsetMs > 0 ? "behind" : "ahead of";
  return {
    check,
    status: "problem",
    text: `${seconds} s ${where} this one (${serverUrl}); tickets live 30 s`,
    fix: "let NTP keep both clocks",
  };
}
