import { expect, test } from "bun:test";
import { allocateHeader, LinkHeader } from "./link-header.ts";

test("a tick is read on the reader's clock", () => {
  const memory = allocateHeader();
  const [loop, gateway] = [new LinkHeader(memory, 1_000), new LinkHeader(memory, 1_250)];
  loop.ticked(4_000_000_000, 500.25);
  const last = { tick: 0, intendedMs: 0 };
  gateway.readTick(last);
  expect(last).toEqual({ tick: 4_000_000_000, intendedMs: 250.25 });
});

test("a tick that is half written is not read: the one before stays", () => {
  const memory = allocateHeader();
  const header = new LinkHeader(memory, 0);
  const last = { tick: 0, intendedMs: 0 };
  header.ticked(7, 70);
  header.readTick(last);
  // As the loop's thread leaves it when it is held up between two of its stores.
  const words = new Int32Array(memory);
  const [, version = 0] = words;
  words[1] = version + 1;
  words[2] = 8;
  header.readTick(last);
  expect(last).toEqual({ tick: 7, intendedMs: 70 });
});

test("a thread that reads all the time never sees parts of two ticks", async () => {
  const memory = allocateHeader();
  const worker = new Worker(new URL("./link-header.fixture.ts", import.meta.url));
  const { promise, resolve, reject } = Promise.withResolvers<{ torn: number }>();
  const started = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<{ torn: number } | "started">) => {
    if (data === "started") started.resolve();
    else resolve(data);
  };
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage(memory);
  await started.promise;
  const header = new LinkHeader(memory, 0);
  for (let tick = 1; tick <= 200_000; tick++) header.ticked(tick, tick * 0.1);
  header.ticked(0xffff_ffff, 0xffff_ffff * 0.1);
  expect(await promise).toEqual({ torn: 0 });
  worker.terminate();
});
