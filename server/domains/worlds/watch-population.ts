import { type TrackedEnvelope, tracked } from "@trpc/server";
import { AppError } from "#shared/model/errors.ts";
import type { GetWorldInput, WorldPopulation } from "#shared/model/worlds.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ServerDeps } from "../../deps.ts";
import { LatestChange } from "../../latest-change.ts";
import { readPopulation } from "./describe-worlds.ts";
import { getWorld } from "./get-world.ts";

/** Changes that come closer together are told as one. */
export const TOLD_INTERVAL_MS = 250;
/** Open streams; one more is refused with BUSY. */
const WATCHERS_MAX = 20_000;

/**
 * Tells how many are in a world, first at once and then at each change, until the caller goes.
 * Only the newest state matters, so a reader that is slow misses steps, never the end of them, and
 * one that comes back needs no history. When the server stops it throws: a stream that merely ended
 * would tell the client that there is nothing to come back for.
 */
export async function* watchPopulation(
  deps: ServerDeps,
  input: GetWorldInput,
  caller: AbortSignal | undefined,
): AsyncGenerator<TrackedEnvelope<WorldPopulation>, void> {
  await getWorld(deps, input);
  if (deps.shards.listenerCount >= WATCHERS_MAX) {
    throw new AppError("BUSY", "cannot watch the population now: too many do; try again later", {
      retryAfterSeconds: 30,
    });
  }
  const ended = AbortSignal.any([deps.stopping, ...(caller === undefined ? [] : [caller])]);
  const changes = new LatestChange(ended);
  const stop = deps.shards.onChange((worldId) => {
    if (worldId === input.worldId) changes.mark();
  });
  deps.metrics.watchers.inc();
  try {
    for (let count = 0; !ended.aborted; count++) {
      yield tracked(`${deps.clock.wallMs()}-${count}`, readPopulation(deps.shards, input.worldId));
      await pause(deps.clock, ended);
      await changes.next();
    }
    if (deps.stopping.aborted) {
      throw new AppError("UNAVAILABLE", "cannot go on watching: the server stops; connect again");
    }
  } finally {
    deps.metrics.watchers.dec();
    stop();
  }
}

function pause(clock: Clock, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.schedule(TOLD_INTERVAL_MS, done);
    function done(): void {
      cancel();
      ended.removeEventListener("abort", done);
      resolve();
    }
    ended.addEventListener("abort", done);
  });
}
