// A shard as `shards/main.ts` runs it, but over the disk of slow-worker.ts and without a server: it
// grants itself the lease, and keys for tickets come from whoever started it.
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { createLog } from "#shared/infra/log.ts";
import { reportReady, runProcess } from "#shared/infra/process.ts";
import { systemClock } from "#shared/time/clock.ts";
import { readShardConfig } from "../../../shards/config.ts";
import { EarlyThread } from "../../../shards/early-thread.ts";
import { LeaseKeeper } from "../../../shards/region/lease-keeper.ts";
import { startShard } from "../../../shards/shard.ts";
import { PaperAuthority } from "../../../shards/testing/paper-authority.ts";
import type { TickFigures } from "./disk-shard.ts";

/** Ticks that are told of at once. */
const TICKS_TOLD = 10;
const ticks: TickFigures[] = [];

await runProcess("shard", async (stopping) => {
  const config = readShardConfig(process.argv.slice(2), process.env);
  const { shardKey, serverUrl, logLevel: level, mode } = config;
  const clock = systemClock;
  const log = createLog({ process: "shard", level, mode });
  const fail = (reason: string) => {
    log.error("shard cannot go on", { reason });
    process.exit(1);
  };
  const authority = new PaperAuthority();
  const holder = crypto.randomUUID();
  const shard = await startShard({
    config,
    clock,
    log,
    bus: new LocalHub({ clock, source: shardKey }),
    lease: new LeaseKeeper({ authority, clock, log, shardKey, holder, strict: false }),
    stopping,
    keys: { url: new URL("/.well-known/jwks.json", serverUrl).href },
    ticked(latenessMs, durationMs) {
      ticks.push({ latenessMs, durationMs });
      if (ticks.length === TICKS_TOLD) process.send?.({ ticks: ticks.splice(0) });
    },
    persistenceThread: new EarlyThread(new URL("./slow-worker.ts", import.meta.url), "persistence"),
    lost: fail,
    failed: fail,
  });
  reportReady({ url: shard.address, port: shard.port, shardKey });
  return { stop: () => shard.stop() };
});
