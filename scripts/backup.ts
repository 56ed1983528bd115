// `bun run backup`: copies of all databases, while everything runs.
import { constants, setPriority } from "node:os";
import { systemClock } from "#shared/time/clock.ts";
import { makeBackup } from "./databases/backup.ts";
import { runCommand } from "./databases/command.ts";

// Nobody waits for a backup as players wait for a tick.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
await runCommand(() =>
  makeBackup(process.argv.slice(2), {
    environment: process.env,
    clock: systemClock,
    say: (line) => console.log(`backup | ${line}`),
  }),
);
