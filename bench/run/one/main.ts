// One run of one benchmark in a process of its own: nothing that ran before has shaped the code
// that the engine compiled for it, or filled its memory.
import { z } from "zod";
import { catalogue } from "../../benchmarks/catalogue.ts";
import { findBenchmark } from "../options.ts";
import { profileSelf } from "../profile/thread-profile.ts";

const Task = z.object({
  name: z.string(),
  params: z.record(z.string(), z.number()),
  profileFolder: z.string().optional(),
});

if (process.send === undefined) {
  console.error("cannot run a benchmark alone: start it with `bun run bench NAME`");
  process.exit(78);
}
// Whoever asked is gone; the processes under test see that they have lost this one.
process.on("disconnect", () => process.exit(1));

const { name, params, profileFolder } = Task.parse(JSON.parse(process.argv[2] ?? "{}"));
try {
  const benchmark = findBenchmark(name, catalogue);
  const figures = await profileSelf(benchmark.inProcess ? profileFolder : undefined, () =>
    benchmark.measure({ params, profileFolder, say: (text) => console.error(`  ${text}`) }),
  );
  process.send({ figures }, undefined, undefined, () => process.exit(0));
} catch (error) {
  console.error(error);
  process.exit(2);
}
