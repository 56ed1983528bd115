import { TOPIC_EVENTS } from "#shared/infra/bus/bus.ts";
import type { ServerDeps } from "../../deps.ts";
import type { EventReceiver } from "./event-relay.ts";
import { type EventRow, toDomainEvent } from "./event-row.ts";

/** The bus as a receiver of the event log: each event is sent at least once, by its own id. */
export function busReceiver(deps: Pick<ServerDeps, "bus" | "log">): EventReceiver {
  return {
    name: "bus",
    // A log that was told to the bus before it had a place of its own is not told again.
    beginsLike: "relay",
    async prepare(rows) {
      await Promise.all(rows.map((row) => send(deps, row)));
      return [];
    },
  };
}

async function send({ bus, log }: Pick<ServerDeps, "bus" | "log">, row: EventRow): Promise<void> {
  let value: ReturnType<typeof toDomainEvent>;
  try {
    value = toDomainEvent(row);
  } catch (error) {
    log.error("an event is not what events.proto says", { type: row.type, error });
    return;
  }
  const { id, priority } = row;
  await bus.send(TOPIC_EVENTS, { case: "domainEvent", value }, { id, priority });
}
