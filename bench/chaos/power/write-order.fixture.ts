// A shard's database at work, to be looked at from outside: it says each tick that is confirmed.
import { writeSync } from "node:fs";
import { createRandom } from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { makeRecords, openStore } from "./shard-life.ts";

const COMMITS = 250;

const random = createRandom(1);
const store = await openStore(process.argv[2] ?? "", systemClock);
await store.own(1);
for (let commit = 1; commit <= COMMITS; commit += 1) {
  await store.write({ records: makeRecords(commit, 1, random), tickets: [], told: [] });
  writeSync(1, `confirmed ${commit}\n`);
}
await store.close();
