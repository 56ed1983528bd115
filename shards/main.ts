// One shard as a process of its own: `bun run shard --region eu-west-1 --world arena`; with
// `--instances 4` a supervisor of four such processes, with `--at-tick 900 --read-only` a look at
// the past.

import { EarlyThread, PERSISTENCE_THREAD } from "./early-thread.ts";

const flags = process.argv.slice(2);
const isAsked = (...words: string[]) => words.some((word) => flags.includes(word));
const isOther = isAsked("--help", "-h", "--instances", "--at-tick", "--standby");
// Before all else is loaded, which takes as long as it takes to load what the database needs.
const persistenceThread = isOther ? undefined : new EarlyThread(PERSISTENCE_THREAD, "persistence");

// What only some of these need is loaded only there: a shard starts sooner, and holds less.
const { runProcess } = await import("#shared/infra/process.ts");
if (isAsked("--help", "-h")) {
  const { SHARD_HELP } = await import("./flags.ts");
  console.log(SHARD_HELP);
} else if (isAsked("--instances")) {
  const { startInstances } = await import("./instances.ts");
  const { systemClock } = await import("#shared/time/clock.ts");
  await runProcess("shard instances", () =>
    startInstances(flags, { environment: process.env, clock: systemClock }),
  );
} else if (isAsked("--at-tick")) {
  const { describePastTick } = await import("./past-tick.ts");
  await runProcess("shard", async () => {
    process.stdout.write(await describePastTick(flags, process.env));
    process.exit(0);
  });
} else {
  const { runShard } = await import("./run-shard.ts");
  await runProcess("shard", (stopping) => runShard({ flags, stopping, persistenceThread }));
}
