// The thread of `kernel-watch.ts`.
import { systemClock } from "#shared/time/clock.ts";
import { median } from "../../run/medians.ts";
import { readKernelConnections } from "./kernel-sockets.ts";
import type { KernelFigures, KernelWatchOrders } from "./kernel-watch.ts";

declare const self: Worker;

/** A closing is seen at most so much later than it is. */
const LOOK_MS = 150;

let stop: () => KernelFigures = () => {
  throw new Error("cannot stop looking: nobody has begun");
};

self.onmessage = ({ data }: MessageEvent<KernelWatchOrders | "stop">) => {
  if (data === "stop") self.postMessage(stop());
  else stop = watch(data);
};

function watch({ serverPort, ports }: KernelWatchOrders): () => KernelFigures {
  const startMs = systemClock.monotonicMs();
  const closedMs = new Map<number, number>();
  let heldBytesMax = 0;
  let cancel: () => void = () => undefined;
  look();
  return () => {
    cancel();
    const closed = [...closedMs.values()].sort((one, other) => one - other);
    return {
      notClosed: ports.length - closed.length,
      closedMsMax: closed.at(-1) ?? 0,
      closedMsMedian: closed.length === 0 ? 0 : median(closed),
      heldBytesMax,
    };
  };

  function look(): void {
    const connections = readKernelConnections(serverPort);
    const sinceMs = systemClock.monotonicMs() - startMs;
    for (const port of ports) {
      const connection = connections.get(port);
      const isOpen = connection?.isOpen === true;
      if (!isOpen && !closedMs.has(port)) closedMs.set(port, sinceMs);
      const { serverBytes = 0, clientBytes = 0 } = connection ?? {};
      heldBytesMax = Math.max(heldBytesMax, serverBytes + clientBytes);
    }
    cancel = systemClock.schedule(LOOK_MS, look);
  }
}
