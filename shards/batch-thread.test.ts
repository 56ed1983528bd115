import { expect, test } from "bun:test";
import { schedulingPolicy } from "./scheduling-policy.fixture.ts";

const NORMAL = 0;
const BATCH = 3;

test("a batch thread leaves the others as they are", async () => {
  const worker = new Worker(new URL("./batch-thread.fixture.ts", import.meta.url));
  const { promise, resolve, reject } = Promise.withResolvers<{ done: boolean; policy: number }>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  const { done, policy } = await promise;
  worker.terminate();
  expect(policy).toBe(done ? BATCH : NORMAL);
  expect(schedulingPolicy()).toBe(NORMAL);
});
