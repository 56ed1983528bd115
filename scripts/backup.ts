// `bun run backup`: copies of all databases, while everything runs.
import { systemClock } from "#shared/time/clock.ts";
import { makeBackup } from "./databases/backup.ts";
import { runCommand } from "./databases/command.ts";

await runCommand(() =>
  makeBackup(process.argv.slice(2), {
    environment: process.env,
    clock: systemClock,
    say: (line) => console.log(`backup | ${line}`),
  }),
);
