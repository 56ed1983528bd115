import { systemClock } from "#shared/time/clock.ts";
import { type BrokerName, startBroker } from "../../regions/brokers.ts";
import { RegionProcess } from "../../regions/region-process.ts";

export type { BrokerName } from "../../regions/brokers.ts";

/** Writes in a tick of 10 ms: more than can go through. */
const WRITES_PER_TICK = 20_000;
/** The sender writes nothing while as many wait: it is as fast as its batches go. */
const WAITING_MAX = 40_000;

export interface BrokerFigures {
  readonly perSecond: number;
  readonly senderCpu: number;
  readonly receiverCpu: number;
  readonly bytesPerWrite: number;
}

/** How many writes a second one region's process has applied that come from another's. */
export async function measureBroker(
  name: BrokerName,
  options: { batchCount: number; warmUpSeconds: number; measureSeconds: number },
): Promise<BrokerFigures> {
  await using broker = await startBroker(name);
  const start = (region: string) =>
    RegionProcess.start({
      ...{ region, regions: ["eu-west-1", "us-east-1"], bus: broker.url },
      ...{ batchCount: options.batchCount, flushMs: 20, compression: "zstd", tickMs: 10 },
    });
  await using sender = await start("eu-west-1");
  await using receiver = await start("us-east-1");
  sender.tell({ order: "load", perTick: WRITES_PER_TICK, waitingMax: WAITING_MAX });
  await pause(options.warmUpSeconds * 1_000);
  const before = await Promise.all([sender.ask(), receiver.ask()]);
  await pause(options.measureSeconds * 1_000);
  const after = await Promise.all([sender.ask(), receiver.ask()]);
  const seconds = (after[1].atMs - before[1].atMs) / 1_000;
  const sentCells = after[0].sentCells - before[0].sentCells;
  return {
    perSecond: (after[1].receivedCells - before[1].receivedCells) / seconds,
    senderCpu: (after[0].cpuSeconds - before[0].cpuSeconds) / seconds,
    receiverCpu: (after[1].cpuSeconds - before[1].cpuSeconds) / seconds,
    bytesPerWrite: (after[0].sentBytes - before[0].sentBytes) / sentCells,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void systemClock.schedule(ms, resolve));
}
