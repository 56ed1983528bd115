// A process with a Worker, both of which work in functions that a profile should name. It tells
// when both have started, and when both have done enough to be seen.
import { isMainThread } from "node:worker_threads";

const ROUNDS_ENOUGH = 100;

if (isMainThread) {
  let rounds = 0;
  let workerRounds = 0;
  const worker = new Worker(import.meta.path);
  worker.onmessage = () => {
    workerRounds += 1;
    if (workerRounds === 1) process.send?.("ready");
  };
  setInterval(() => {
    rounds = Math.min(workerRounds, rounds + 1);
    busyInMain();
    if (rounds === ROUNDS_ENOUGH) process.send?.("enough");
  }, 1);
  process.on("disconnect", () => process.exit(0));
} else {
  setInterval(() => postMessage(busyInWorker()), 1);
}

function busyInMain(): number {
  return burn();
}

function busyInWorker(): number {
  return burn();
}

function burn(): number {
  let sum = 0;
  for (let index = 0; index < 1_000_000; index += 1) sum += Math.sqrt(index);
  return sum;
}
