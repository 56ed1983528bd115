import { type ShardCommand, ShardPhase } from "#proto/bus_pb.ts";
import { type Bus, TOPIC_ANSWERS, TOPIC_COMMANDS } from "#shared/infra/bus/bus.ts";
import type { ShardLoop } from "../loop/shard-loop.ts";
import type { StatusPublisher } from "./status-publisher.ts";

export interface StaffCommands {
  readonly bus: Bus;
  readonly shardKey: string;
  readonly loop: Pick<ShardLoop, "inbox" | "has" | "connected" | "population">;
  readonly status: Pick<StatusPublisher, "enter">;
  /** Ends the process in order; without it a stop is not answered. */
  readonly stop: (() => void) | undefined;
}

/** Does what staff asks of this shard over the bus and answers it, until the result is called. */
export function obeyStaff(parts: StaffCommands): () => void {
  const { bus, shardKey } = parts;
  return bus.subscribe(TOPIC_COMMANDS, ({ payload }) => {
    if (payload.case !== "shardCommand" || !payload.value.shardKeys.includes(shardKey)) return;
    const { commandId, command } = payload.value;
    const players = obey(parts, command);
    if (players === undefined) return;
    bus.publish(TOPIC_ANSWERS, { case: "shardAnswer", value: { commandId, shardKey, players } });
    // Last, so that the answer is on its way.
    if (command.case === "stop") parts.stop?.();
  });
}

/** How many players it concerns; undefined for what this shard cannot do. */
function obey(
  { loop, status, stop }: StaffCommands,
  command: ShardCommand["command"],
): number | undefined {
  switch (command.case) {
    case "kick": {
      const { playerId, reason } = command.value;
      const isHere = loop.has(playerId);
      // Also for one that is only just coming in.
      loop.inbox.push({ kind: "revoke", playerId, reason });
      return isHere ? 1 : 0;
    }
    case "drain":
      status.enter(command.value.draining ? ShardPhase.DRAINING : ShardPhase.SERVING);
      return loop.population;
    case "announce":
      loop.inbox.push({ kind: "announce", message: command.value.message });
      return loop.connected;
    case "stop":
      return stop && loop.population;
    default:
      return undefined;
  }
}
