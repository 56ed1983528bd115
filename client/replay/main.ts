// The event log over the API: `bun run replay --token TOKEN --types player.joined --follow`.
import { ReplayOptionsError, readReplayOptions } from "./options.ts";
import { ReplayError, replay } from "./replay.ts";

const ended = new AbortController();
process.on("SIGINT", () => ended.abort());
process.on("SIGTERM", () => ended.abort());

try {
  const options = readReplayOptions(process.argv.slice(2), process.env);
  await replay(options, (line) => console.log(line), ended.signal);
} catch (error) {
  if (error instanceof ReplayOptionsError) {
    console.error(error.message);
    process.exit(error.exitCode);
  }
  if (!(error instanceof ReplayError || error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exit(1);
}
