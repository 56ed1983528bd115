import type { ServerDeps } from "../../deps.ts";
import type { EventRow } from "../events/index.ts";
import { queueWebhooks } from "./queue-webhooks.ts";

/** Webhooks as a receiver of the event log. */
export function webhookReceiver(deps: ServerDeps) {
  return {
    prepare: (rows: readonly EventRow[]) => queueWebhooks(deps, rows),
    told: () => deps.webhooks.wake(),
  };
}
