// Bots that play like people, over the same SDK: `bun run bots --count 20 --world arena`.

import { createRandom } from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { createClient } from "../index.ts";
import { Bot } from "./bot.ts";
import { botName } from "./names.ts";
import { BotOptionsError, readBotOptions } from "./options.ts";

/** Between two bots that start. */
const STAGGER_MS = 120;
/** Between two lines about how things are, and only when they have changed. */
const REPORT_MS = 2_000;
/** A stop is over by then, with or without the shard's answer. */
const STOP_MS_MAX = 700;

try {
  start();
} catch (error) {
  if (!(error instanceof BotOptionsError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
}

function start(): void {
  const options = readBotOptions(process.argv.slice(2), process.env);
  const bots = Array.from({ length: options.count }, (_, index) => {
    const random = createRandom(options.seed * 10_007 + index);
    return new Bot({
      client: createClient({ url: options.url, random: () => random.below(1_000) / 1_000 }),
      clock: systemClock,
      random,
      name: botName(index),
      worldId: options.worldId,
      region: options.region,
    });
  });
  // Before anything is said: whoever reads it may stop us in the same moment.
  stopOnSignal(bots);
  for (const [index, bot] of bots.entries()) bot.start(index * STAGGER_MS);
  console.log(`${bots.length} bots join ${options.worldId} at ${options.url}`);
  report(bots, "");
  process.send?.({ type: "ready", url: options.url });
}

function report(bots: readonly Bot[], last: string): void {
  systemClock.schedule(REPORT_MS, () => {
    const playing = bots.filter((bot) => bot.playing).length;
    const trouble = bots.find((bot) => bot.trouble !== undefined)?.trouble;
    const line = `${playing} of ${bots.length} bots play${trouble ? `; ${trouble}` : ""}`;
    if (line !== last) console.log(line);
    report(bots, line);
  });
}

function stopOnSignal(bots: readonly Bot[]): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    systemClock.schedule(STOP_MS_MAX, () => process.exit(0));
    Promise.allSettled(bots.map((bot) => bot.stop())).then(() => process.exit(0));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // The supervisor is gone, however it went.
  if (process.send !== undefined) process.on("disconnect", stop);
}
