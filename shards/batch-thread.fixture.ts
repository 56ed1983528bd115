import { becomeBatchThread } from "./batch-thread.ts";
import { schedulingPolicy } from "./scheduling-policy.fixture.ts";

const done = becomeBatchThread();
postMessage({ done, policy: schedulingPolicy() });
