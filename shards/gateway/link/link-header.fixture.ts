// The reading thread of link-header.test.ts: reads until the last tick and counts pairs that do not
// belong together.
import { LinkHeader } from "./link-header.ts";

declare const self: Worker;

const LAST = 0xffff_ffff;

self.onmessage = (event: MessageEvent<SharedArrayBuffer>) => {
  const header = new LinkHeader(event.data, 0);
  const last = { tick: 0, intendedMs: 0 };
  let torn = 0;
  self.postMessage("started");
  while (last.tick !== LAST) {
    header.readTick(last);
    if (last.intendedMs !== last.tick * 0.1) torn += 1;
  }
  self.postMessage({ torn });
};
