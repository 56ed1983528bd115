// A process with a Worker, both of which work in functions that a profile should name: once both
// run it says so, and then works whenever it is told to.
import { isMainThread } from "node:worker_threads";

const ROUNDS = 100;

if (isMainThread) {
  const worker = new Worker(import.meta.path);
  // Another one, so that Workers hear of each other.
  new Worker(import.meta.path);
  worker.onmessage = ({ data }) => process.send?.(data);
  process.on("message", () => {
    worker.postMessage("work");
    for (let round = 0; round < ROUNDS; round += 1) busyInMain();
  });
  process.on("disconnect", () => process.exit(0));
} else {
  self.addEventListener("message", () => {
    for (let round = 0; round < ROUNDS; round += 1) busyInWorker();
    postMessage("enough");
  });
  postMessage("ready");
}

// The engine leaves out of its stacks who calls another function last of all, so neither does.
function busyInMain(): number {
  return burn() + 1;
}

function busyInWorker(): number {
  return burn() + 2;
}

function burn(): number {
  let sum = 0;
  for (let index = 0; index < 1_000_000; index += 1) sum += Math.sqrt(index);
  return sum;
}
