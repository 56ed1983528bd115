// How every process of the house starts, says that it is ready, and stops in order.
import { type Clock, systemClock } from "#shared/time/clock.ts";
import { ConfigurationError } from "./settings.ts";

/** What a main function hands back once its process does its work. */
export interface RunningProcess {
  /** Stops in order and saves everything; called once. */
  stop(): Promise<void>;
}

/** What a process tells its supervisor when it can be used. */
export interface ReadyInfo {
  readonly url: string;
  readonly [name: string]: unknown;
}

export interface RunOptions {
  readonly clock?: Clock;
  /** After this long an ordered stop is given up. */
  readonly stopMsMax?: number;
  /** A signal within this time of the first is the same one, told twice. */
  readonly sameSignalMsMax?: number;
}

/** A process that cannot do its work now and may later; it leaves with code 75 (EX_TEMPFAIL). */
export class TemporaryFailure extends Error {
  override readonly name = "TemporaryFailure";
  readonly exitCode = TEMPORARY_EXIT_CODE;
}

/** Starting the process again may help; documented in docs/OPERATIONS.md. */
export const TEMPORARY_EXIT_CODE = 75;

const STOP_MS_MAX = 5_000;
// `bun run` hands signals on to its child, which a signal to the whole group has reached already.
const SAME_SIGNAL_MS_MAX = 1_000;

/**
 * Runs `main` as process `name`. Leaves with 78 on a ConfigurationError, 75 on a TemporaryFailure,
 * 1 on another error; SIGINT, SIGTERM or the loss of the supervisor lead to one ordered `stop()`
 * and code 0, a second signal later or a stop that takes too long to code 1. A start that waits for
 * something listens to the signal that `main` is given, and throws its reason.
 */
export async function runProcess(
  name: string,
  main: (stopping: AbortSignal) => Promise<RunningProcess>,
  options: RunOptions = {},
): Promise<void> {
  const { clock = systemClock, stopMsMax = STOP_MS_MAX } = options;
  const { sameSignalMsMax = SAME_SIGNAL_MS_MAX } = options;
  const stopping = new AbortController();
  const starting = Promise.withResolvers<RunningProcess>();
  let stoppingSinceMs: number | undefined;

  async function stop(): Promise<void> {
    if (stoppingSinceMs !== undefined) {
      if (clock.monotonicMs() - stoppingSinceMs > sameSignalMsMax) process.exit(1);
      return;
    }
    stoppingSinceMs = clock.monotonicMs();
    stopping.abort();
    clock.schedule(stopMsMax, () => {
      console.error(`cannot stop ${name} in order: it took more than ${stopMsMax} ms; forced`);
      process.exit(1);
    });
    try {
      // A signal during the start waits for it, so that nothing is left half open.
      const running = await starting.promise;
      await running.stop();
      process.exit(0);
    } catch (error) {
      console.error(`cannot stop ${name} in order: ${describeChain(error)}`);
      process.exit(1);
    }
  }

  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // The channel to a supervisor closes when the supervisor dies, however it dies.
  if (process.send !== undefined) {
    process.on("disconnect", () => {
      if (stoppingSinceMs === undefined) void stop();
    });
  }

  try {
    starting.resolve(await main(stopping.signal));
  } catch (error) {
    // It was told to stop before it had begun: there is nothing to stop.
    if (stopping.signal.aborted && error === stopping.signal.reason) process.exit(0);
    fail(name, error);
  }
}

/** Tells the supervisor, when there is one, that this process can be used. */
export function reportReady(info: ReadyInfo): void {
  process.send?.({ type: "ready", ...info });
}

function fail(name: string, error: unknown): never {
  if (error instanceof ConfigurationError || error instanceof TemporaryFailure) {
    console.error(error.message);
    process.exit(error.exitCode);
  }
  console.error(`cannot start ${name}: ${describeChain(error)}`);
  process.exit(1);
}

/** The message with its causes; the stack only where nobody foresaw the error. */
function describeChain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const messages: string[] = [];
  let current: unknown = error;
  for (let causes = 0; causes < 8 && current instanceof Error; causes += 1) {
    messages.push(current.message);
    current = current.cause;
  }
  const isForeseen = error.message.startsWith("cannot ");
  const stack = isForeseen ? "" : `\n${error.stack ?? ""}`;
  return `${messages.join("\n  because of: ")}${stack}`;
}
