// The persistence Worker: owns the shard's database, since libSQL's file mode blocks its thread.
// Work is done strictly in the order in which it came; ticks that wait together are one commit.
// Copies of the state are encoded in between and then come to the end of what waits.
import { systemClock } from "#shared/time/clock.ts";
import type { TickRecord } from "../loop/messages.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { ShardStore } from "./shard-store.ts";
import { SnapshotEncoder } from "./snapshot-encoder.ts";

declare const self: Worker;

/** A snapshot that only has to be written. */
interface Save {
  kind: "save";
  tick: number;
  bytes: Uint8Array;
}

const queue: (ToWorker | Save)[] = [];
const encoder = new SnapshotEncoder(() => new Promise((resolve) => setImmediate(resolve)));
/** Done when no snapshot is being encoded. */
let encoding = Promise.resolve();
let store: ShardStore | undefined;
let busy = false;
let failed = false;

self.onmessage = (event: MessageEvent<ToWorker>) => {
  queue.push(event.data);
  void work();
};

async function work(): Promise<void> {
  if (busy || failed) return;
  busy = true;
  try {
    for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
      await handle(message);
    }
  } catch (error) {
    fail(error);
  } finally {
    busy = false;
  }
}

function fail(error: unknown): void {
  failed = true;
  const message = error instanceof Error ? describe(error) : String(error);
  answer({ kind: "failed", message, stage: store === undefined ? "open" : "write" });
}

async function handle(message: ToWorker | Save): Promise<void> {
  if (message.kind === "open") {
    const opened = await ShardStore.open({ ...message, clock: systemClock });
    const recovery = await opened.recover();
    store = opened;
    answer({ kind: "opened", recovery });
    return;
  }
  if (store === undefined) throw new Error("cannot use the shard database: it is not open");
  if (message.kind === "own") {
    await store.own(message.epoch);
    answer({ kind: "owned" });
  } else if (message.kind === "commit") {
    const records = [message.record, ...takeCommits()];
    await store.commit(records);
    answer({ kind: "committed", tick: records[records.length - 1]?.tick ?? 0 });
  } else if (message.kind === "load") {
    answer(await store.load(message.request));
  } else if (message.kind === "snapshot") {
    encoding = encoding.then(() => encode(message)).catch(fail);
  } else if (message.kind === "save") {
    const bytes = await store.saveSnapshot(message.tick, message.bytes);
    answer({ kind: "saved", tick: message.tick, bytes });
  } else {
    await encoding;
    if (queue.length > 0) {
      queue.push(message);
      return;
    }
    await store.close();
    answer({ kind: "closed" });
  }
}

async function encode({ copy, area }: Extract<ToWorker, { kind: "snapshot" }>): Promise<void> {
  const bytes = await encoder.encode(copy, new Uint8Array(area));
  queue.push({ kind: "save", tick: copy.tick, bytes });
  void work();
}

/** The commits at the head of the queue: they go into the same transaction. */
function takeCommits(): TickRecord[] {
  const records: TickRecord[] = [];
  for (let next = queue[0]; next?.kind === "commit"; next = queue[0]) {
    records.push(next.record);
    queue.shift();
  }
  return records;
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.message}${cause}`;
}

function answer(message: FromWorker): void {
  self.postMessage(message);
}
