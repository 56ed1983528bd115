// `bun run restore`: puts a backup in the place of the databases.
import { systemClock } from "#shared/time/clock.ts";
import { runCommand } from "./databases/command.ts";
import { restoreBackup } from "./databases/restore.ts";

await runCommand(() =>
  restoreBackup(process.argv.slice(2), {
    environment: process.env,
    clock: systemClock,
    say: (line) => console.log(`restore | ${line}`),
  }),
);
