import type { ServerDeps } from "../../deps.ts";
import { busReceiver } from "./bus-receiver.ts";
import { EventRelay, type PrepareTold } from "./event-relay.ts";
import { prepareEvent } from "./prepare-event.ts";
import { recordKills } from "./record-kills.ts";
import { keepEventsTrimmed } from "./trim-events.ts";

export interface ToldOptions {
  /** Events are kept for so long. */
  readonly days: number;
  /** Of the server, whose start and stop are told then. */
  readonly version?: string;
  /** Receivers in the database; none by default. */
  readonly receiver?: { prepare: PrepareTold; told: () => void };
}

const nobody: NonNullable<ToldOptions["receiver"]> = {
  prepare: async () => [],
  told: () => undefined,
};

/** Writes what comes over the bus, carries the log on and forgets what is old, until closed. */
export async function keepEventsTold(
  deps: ServerDeps,
  { days, version, receiver = nobody }: ToldOptions,
): Promise<() => Promise<void>> {
  if (version !== undefined) {
    await prepareEvent(deps, { type: "server.started", data: { version } });
  }
  const stopRecording = await recordKills(deps);
  const stopTrimming = keepEventsTrimmed(deps, days);
  // One that is away does not keep the other from being told.
  const relays = [
    new EventRelay(deps, { ...receiver, name: "relay" }),
    new EventRelay(deps, busReceiver(deps)),
  ];
  return async () => {
    await stopRecording();
    stopTrimming();
    if (version !== undefined) await prepareEvent(deps, { type: "server.stopped", data: {} });
    await Promise.all(relays.map((relay) => relay.close()));
    deps.feed.close();
  };
}
