import { systemClock } from "#shared/time/clock.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { packMessage } from "./recovery-transfer.ts";
import type { OpenStore } from "./store.ts";
import { StoreService } from "./store-service.ts";

declare const self: Worker;

/** Makes this thread a persistence Worker over the stores that `open` opens. */
export function serveStore(open: OpenStore): void {
  const service = new StoreService({
    open,
    clock: systemClock,
    makeId: () => crypto.randomUUID(),
    answer: (answer: FromWorker) => {
      const { message, transfer } = packMessage(answer);
      self.postMessage(message, transfer);
    },
    // Unlike a microtask it comes after all messages that wait.
    soon: (action) => setImmediate(action),
  });
  self.onmessage = (event: MessageEvent<ToWorker>) => service.receive(event.data);
}
