import type { ServerDeps } from "./deps.ts";
import { keepEventsTold } from "./domains/events/index.ts";
import { webhookReceiver } from "./domains/webhooks/index.ts";

/** Carries what happens on to all who are to hear of it, webhooks included, until it is ended. */
export async function tellEvents(
  deps: ServerDeps,
  options: { readonly days: number; readonly version?: string },
): Promise<() => Promise<void>> {
  const stop = await keepEventsTold(deps, { ...options, receiver: webhookReceiver(deps) });
  deps.webhooks.start();
  return async () => {
    await stop();
    await deps.webhooks.stop();
  };
}
