// `bun run migrate`: brings the databases to this version.
import { systemClock } from "#shared/time/clock.ts";
import { runCommand } from "./databases/command.ts";
import { migrateAll } from "./databases/migrate.ts";

await runCommand(() =>
  migrateAll(process.argv.slice(2), {
    environment: process.env,
    clock: systemClock,
    say: (line) => console.log(`migrate | ${line}`),
  }),
);
