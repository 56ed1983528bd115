// Each experiment, small: what long series are for is checked here once, at every change.
import { expect, test } from "bun:test";
import { systemClock } from "#shared/time/clock.ts";
import type { Experiment } from "../run/experiment.ts";
import { isMet } from "../run/worst.ts";
import { bus } from "./bus.ts";
import { clock } from "./clock.ts";
import { DAMAGE_KINDS, damage } from "./damage.ts";
import { diskFull } from "./disk-full.ts";
import { failover } from "./failover.ts";
import { flood } from "./flood.ts";
import { gate } from "./gate.ts";
import { kill } from "./kill.ts";
import { killBlocks } from "./kill-blocks.ts";
import { partition } from "./partition.ts";
import { power } from "./power.ts";
import { presence } from "./presence.ts";
import { slow } from "./slow.ts";
import { slowDisk } from "./slow-disk.ts";

/**
 * How fast others are served is for a machine that does nothing else to tell; and a tenth of what a
 * process grows by says nothing of each of ten clients.
 */
const FOR_LONG_SERIES = [
  "othersAckP99Percent",
  "heldKBMax",
  "servingMsP95",
  "actionsPerSecond",
  "tickDurationP99Percent",
  "tickLatenessP99Percent",
  "ticksSkippedBeyond",
  "ticksSkipped",
  "servingMsMax",
  "lossMsMax",
  "healMsMax",
  "pictureMsMax",
  "presenceMsMax",
  "goneMsMax",
  "backMsMax",
];

async function runSmall(experiment: Experiment, params: Readonly<Record<string, number>>) {
  const figures = await experiment.run({
    params,
    seed: 1,
    clock: systemClock,
    say: () => undefined,
  });
  const missed = experiment
    .bars(params)
    .filter((bar) => !FOR_LONG_SERIES.includes(bar.metric) && !isMet(bar, figures))
    .map(({ metric }) => `${metric} is ${figures[metric]}`);
  return { figures, missed };
}

test("hostile clients of every kind are closed, and nobody else is", async () => {
  const { figures, missed } = await runSmall(flood, {
    clients: 10,
    garbage: 1_100,
    burst: 50,
    floods: 4,
    silences: 0,
    warmUpSeconds: 0,
    calmSeconds: 0,
  });
  expect(missed).toEqual([]);
  expect(figures.attacks).toBe(26);
});

test("clients that do not read are closed, and those that read on are in sync", async () => {
  const { figures, missed } = await runSmall(slow, {
    clients: 30,
    slow: 10,
    sleepy: 5,
    warmUpSeconds: 0,
    calmSeconds: 0,
    proofSeconds: 0,
  });
  expect(missed).toEqual([]);
  expect(figures.closedAsTooSlow).toBe(10);
  expect(figures.kernelHeldKBMax).toBeLessThan(256);
});

test("killed in the middle of work, a shard has all that it acknowledged, once", async () => {
  const { figures, missed } = await runSmall(kill, {
    kills: 5,
    clients: 8,
    workMsMin: 300,
    workMsMax: 600,
  });
  expect(missed).toEqual([]);
  expect(figures.trials).toBe(5);
  expect(figures.actionsDone).toBeGreaterThan(10);
});

test("killed while people build, a shard has every item and block once", async () => {
  const { figures, missed } = await runSmall(killBlocks, {
    kills: 4,
    clients: 6,
    workMsMin: 300,
    workMsMax: 900,
  });
  expect(missed).toEqual([]);
  expect(figures.trials).toBe(4);
  expect(figures.actionsDone).toBeGreaterThan(10);
});

test("a power cut leaves a database that opens, with all that was confirmed", async () => {
  const { figures, missed } = await runSmall(power, { images: 200 });
  expect(missed).toEqual([]);
  expect(figures.trials).toBe(200);
  expect(figures.unconfirmedThere).toBeGreaterThan(0);
  expect(figures.unconfirmedGone).toBeGreaterThan(0);
  expect(figures.checkpoints).toBeGreaterThan(0);
  expect(figures.logsBegunAgain).toBeGreaterThan(0);
});

test("a disk that only claims to have synced is found out", async () => {
  const { missed } = await runSmall(power, { images: 60, lies: 3 });
  expect(missed.join()).toContain("ticksLost");
});

test("what a kill within a commit undoes was acknowledged and shown to nobody", async () => {
  const { figures, missed } = await runSmall(gate, { trials: 4 });
  expect(missed).toEqual([]);
  expect(figures.giftsUndone).toBeGreaterThan(0);
});

test("a shard that does not wait for its commits is found out", async () => {
  const { missed } = await runSmall(gate, { trials: 2, gateOff: 1 });
  expect(missed.join()).toContain("undoneResults");
  expect(missed.join()).toContain("undoneAcks");
  expect(missed.join()).toContain("undoneBroadcasts");
});

const SHORT_SLOW_DISK = {
  clients: 20,
  givers: 4,
  rounds: 1,
  warmUpSeconds: 0,
  calmSeconds: 0.5,
  slowSeconds: 1.5,
};

test("a slow disk lets durable actions wait, players are told, and nothing is lost", async () => {
  const { figures, missed } = await runSmall(slowDisk, SHORT_SLOW_DISK);
  expect(missed).toEqual([]);
  expect(figures.giftsDone).toBeGreaterThan(4);
});

test("a shard that does not notice its slow disk is found out", async () => {
  const { missed } = await runSmall(slowDisk, { ...SHORT_SLOW_DISK, gateOff: 1 });
  expect(missed.join()).toContain("untold");
  expect(missed.join()).toContain("answersBeforeCommit");
});

test("damage of every kind is found and named, or what is left is exactly what was", async () => {
  const { figures, missed } = await runSmall(damage, {
    mutants: DAMAGE_KINDS,
    ticks: 660,
    snapshotEvery: 200,
  });
  expect(missed).toEqual([]);
  expect(figures.refused).toBeGreaterThan(80);
  expect(figures.fellBack).toBeGreaterThan(20);
  expect(figures.harmless).toBeLessThan(30);
});

test("what is changed as the shard itself changes it is no damage, and it shows", async () => {
  const { missed } = await runSmall(damage, {
    mutants: 60,
    ticks: 660,
    snapshotEvery: 200,
    withTriggers: 1,
  });
  expect(missed.join()).toContain("wrong");
});

test.each([32, 0])("a full disk of %d MB costs nothing that was acknowledged", async (diskMB) => {
  const { figures, missed } = await runSmall(diskFull, {
    fills: 2,
    clients: 6,
    diskMB,
    workMsMin: 300,
    workMsMax: 600,
    fullMsMin: 600,
    fullMsMax: 1_500,
  });
  expect(missed).toEqual([]);
  expect(figures).toMatchObject({ trials: 2, kills: 1 });
  expect(figures.actionsDone).toBeGreaterThan(10);
});

const SHORT_FAILOVER = { failovers: 2, clients: 6, workMsMin: 300, workMsMax: 600 };

test("a region that is lost costs what was not shipped, and its owner is refused", async () => {
  const { figures, missed } = await runSmall(failover, SHORT_FAILOVER);
  expect(missed).toEqual([]);
  expect(figures).toMatchObject({ killed: 1, cutOff: 1 });
  expect(figures.actionsDone).toBeGreaterThan(10);
});

test("where nothing is shipped, as much is lost as the lag said", async () => {
  const { figures, missed } = await runSmall(failover, {
    ...SHORT_FAILOVER,
    failovers: 1,
    shippingStopsMs: 2_000,
  });
  expect(missed).toEqual([]);
  expect(figures.lossMsMax).toBeGreaterThan(1_000);
  expect(figures.actionsLost).toBeGreaterThan(1);
});

test.each([
  ["Redis", { nats: 0, players: 2 }],
  ["NATS", { nats: 1, players: 0 }],
])("regions that were cut off from %s are the same again, and nothing is lost", async (_, on) => {
  const { figures, missed } = await runSmall(partition, { cutSeconds: 1, ...on });
  expect(missed).toEqual([]);
  expect(figures.builds).toBeGreaterThanOrEqual(on.players * 2);
  expect(figures.apartRounds).toBeGreaterThan(3);
  expect(figures.comparisons).toBeGreaterThan(0);
});

test("with clocks that are wrong, a write that saw another never loses to it", async () => {
  const { figures, missed } = await runSmall(clock, { answers: 20, wrongSeconds: 2 });
  expect(missed).toEqual([]);
  expect(figures.settled).toBeGreaterThan(0);
});

test("while the broker is away players play on, and afterwards all is as it was", async () => {
  const { figures, missed } = await runSmall(bus, { clients: 5, outageMs: 2_500 });
  expect(missed).toEqual([]);
  expect(figures.trials).toBe(6);
  expect(figures.killsTaken).toBeGreaterThan(10);
});

test.each([
  ["Redis", { nats: 0, first: 0, faults: 1, downMsMin: 6_500, downMsMax: 6_501 }],
  ["NATS", { nats: 1, first: 2, faults: 2, downMsMin: 1_000, downMsMax: 1_001 }],
])(
  "whatever dies, servers on %s say who is where, and nobody vanishes",
  async (_, on) => {
    const { figures, missed } = await runSmall(presence, { players: 2, ...on });
    expect(missed).toEqual([]);
    expect(figures.answers).toBeGreaterThan(20);
  },
  180_000,
);
