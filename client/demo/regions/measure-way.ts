/** How far a region is: by opening a socket to it, which is closed again before a word. */
import type { Clock } from "#shared/time/clock.ts";

/** As much of a WebSocket as is used here. */
export interface ProbeSocket {
  onopen: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  close(): void;
}

export type ProbeSocketClass = new (url: string) => ProbeSocket;

/** Times there and back until a socket is open: TCP, TLS where there is one, and the upgrade. */
const PLAIN_TRIPS = 2;
const SECURE_TRIPS = 3;
/** The best of so many counts; what comes between makes the way longer, never shorter. */
const PROBES = 2;
/** What takes longer is not to be played on. */
const PROBE_MS_MAX = 5_000;

/** Milliseconds there and back, about; null when nobody answers. */
export async function measureWay(
  address: string,
  parts: { readonly clock: Clock; readonly WebSocket: ProbeSocketClass },
): Promise<number | null> {
  let best: number | null = null;
  for (let probe = 0; probe < PROBES; probe += 1) {
    const openMs = await openingMs(address, parts);
    if (openMs === null) return null;
    const rttMs = openMs / (address.startsWith("wss:") ? SECURE_TRIPS : PLAIN_TRIPS);
    best = best === null ? rttMs : Math.min(best, rttMs);
  }
  return best;
}

function openingMs(
  address: string,
  { clock, WebSocket }: { readonly clock: Clock; readonly WebSocket: ProbeSocketClass },
): Promise<number | null> {
  const startMs = clock.monotonicMs();
  const socket = new WebSocket(address);
  return new Promise((resolve) => {
    const end = (ms: number | null) => {
      cancel();
      socket.onopen = null;
      socket.onclose = null;
      socket.close();
      resolve(ms);
    };
    const cancel = clock.schedule(PROBE_MS_MAX, () => end(null));
    socket.onopen = () => end(clock.monotonicMs() - startMs);
    socket.onclose = () => end(null);
  });
}
