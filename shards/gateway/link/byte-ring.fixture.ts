// The reading thread of byte-ring.test.ts.
import { ByteRing } from "./byte-ring.ts";

declare const self: Worker;

const EXPECTED = 100_000;

self.onmessage = (event: MessageEvent<SharedArrayBuffer>) => {
  const ring = new ByteRing(event.data);
  let count = 0;
  let sum = 0;
  while (count < EXPECTED) {
    ring.drain((_, connection, payload) => {
      if (connection !== count) throw new Error(`record ${connection} came as number ${count}`);
      count += 1;
      sum += payload[0] ?? 0;
    });
  }
  self.postMessage({ count, sum });
};
