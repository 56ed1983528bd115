import { join } from "node:path";
import { openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import { createLog } from "#shared/infra/log.ts";
import { createRandom } from "#shared/sim/index.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { openScratchFolder } from "../../run/scratch-folder.ts";
import { type BrokerKind, startBroker } from "../bus/broker.ts";
import { type BrokerFault, BusScene } from "../bus/bus-scene.ts";
import { EventLogReader, KillSender } from "../bus/kill-log.ts";
import { Deployment } from "../deployment.ts";
import { CreditBook } from "../kill/credit-book.ts";
import { type Circle, Giver } from "../kill/giver.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { waitUntil } from "../run/waiting.ts";

interface BusParams extends Params {
  /** Each fault, so often, on each broker. */
  readonly rounds: number;
  readonly clients: number;
  /** For so long the broker is dead, or stands still. */
  readonly outageMs: number;
}

const BROKERS: readonly BrokerKind[] = ["redis", "nats"];
const FAULTS: readonly BrokerFault[] = ["killed", "flushed", "frozen"];

/** Takes away the broker on which a server and a shard meet, while players play. */
export const bus = defineExperiment<BusParams>({
  name: "bus",
  work:
    "the broker of a deployment is killed, flushed or frozen while players play: nobody is " +
    "disconnected, nobody else owns the world, what must arrive does, and the server knows again " +
    "who is there",
  params: { rounds: 1, clients: 16, outageMs: 30_000 },
  bars: ({ rounds }) => [
    { metric: "trials", op: ">=", bound: rounds * BROKERS.length * FAULTS.length },
    { metric: "reconnects", op: "==", bound: 0 },
    { metric: "sessionsLost", op: "==", bound: 0 },
    { metric: "unanswered", op: "==", bound: 0 },
    { metric: "joinsFailed", op: "==", bound: 0 },
    { metric: "secondOwners", op: "==", bound: 0 },
    { metric: "epochChanges", op: "==", bound: 0 },
    { metric: "wrongPictures", op: "==", bound: 0 },
    { metric: "pictureMsMax", op: "<=", bound: 10_000 },
    { metric: "presenceMsMax", op: "<=", bound: 10_000 },
    { metric: "killsLost", op: "==", bound: 0 },
    { metric: "creditsLacking", op: "==", bound: 0 },
    { metric: "creditsSurplus", op: "==", bound: 0 },
  ],
  run: runBus,
});

async function runBus(run: ExperimentRun<BusParams>): Promise<Figures> {
  const all: Record<string, number> = { trials: 0 };
  for (const kind of BROKERS) {
    const figures = await runOn(kind, run);
    for (const [name, value] of Object.entries(figures)) {
      const known = all[name] ?? 0;
      all[name] = name.endsWith("Max") ? Math.max(known, value) : known + value;
    }
    run.say(`${kind}: the picture was right again after ${Math.round(figures.pictureMsMax)} ms`);
    run.say(`${kind}: presence was right again after ${Math.round(figures.presenceMsMax)} ms`);
  }
  return { ...all, trials: all.faults ?? 0 };
}

/** All faults on one broker, with a deployment of its own. */
async function runOn(kind: BrokerKind, run: ExperimentRun<BusParams>) {
  const { params, clock, seed } = run;
  const random = createRandom(seed);
  const abandoned: (() => void)[] = [];
  using folder = openScratchFolder("chaos", () => {
    for (const abandon of abandoned) abandon();
  });
  const broker = await startBroker(kind, join(folder.path, kind));
  abandoned.push(() => void broker.service.kill());
  await using _service = broker.service;
  await using deployment = await Deployment.start({
    clock,
    both: { TESSERA_BUS: broker.url },
    shard: { TESSERA_CONNECTIONS_PER_IP: String(params.clients + 10) },
  });
  const givers = Array.from({ length: params.clients }, (_, index) => {
    const options = { url: deployment.serverUrl, random: () => random.below(1_000) / 1_000 };
    return new Giver(index, options);
  });
  const events = new EventLogReader(deployment.serverUrl);
  await waitUntil(clock, () => events.hasShard());
  for (const giver of givers) await giver.join();
  await waitUntil(clock, () => givers.every(({ credits }) => credits > 0));
  const log = createLog({ process: "bench", write: () => undefined });
  const parts = { source: "arena:9:eu-west-1", clock, log };
  const own = await openBrokerBus({ address: broker.url, ...parts });
  const book = new CreditBook(givers.map(({ credits }) => credits));
  const circle: Circle = {
    book,
    entityOf: (index) => givers[index]?.session.entityId ?? 0,
    choose: (besides) => (besides + 1 + random.below(givers.length - 1)) % givers.length,
    answered: () => scene.answered(),
  };
  const scene = new BusScene({
    ...{ clock, broker, deployment, givers, circle, book, outageMs: params.outageMs },
    say: run.say,
    kills: new KillSender(own, clock),
    log: events,
  });
  for (let round = 0; round < params.rounds; round += 1) {
    for (const fault of FAULTS) {
      await scene.suffer(fault);
      run.say(`${kind} was ${fault}`);
    }
  }
  await Promise.all(givers.map(({ session }) => session.leave()));
  await own.close();
  return scene.figures;
}
