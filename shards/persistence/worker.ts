// The persistence Worker: owns the shard's database, since libSQL's file mode blocks its thread.
// Work is done strictly in the order in which it came; ticks that wait together are one commit.
import { systemClock } from "#shared/time/clock.ts";
import type { TickRecord } from "../loop/messages.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { ShardStore } from "./shard-store.ts";

declare const self: Worker;

const queue: ToWorker[] = [];
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
    failed = true;
    const message = error instanceof Error ? describe(error) : String(error);
    answer({ kind: "failed", message, stage: store === undefined ? "open" : "write" });
  } finally {
    busy = false;
  }
}

async function handle(message: ToWorker): Promise<void> {
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
    const bytes = await store.saveSnapshot(message.tick, message.bytes);
    answer({ kind: "saved", tick: message.tick, bytes });
  } else {
    await store.close();
    answer({ kind: "closed" });
  }
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
