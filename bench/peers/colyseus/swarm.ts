// The players of a run: `bun run swarm.ts --url http://… --players 1000`. Each changes direction
// once per second at a phase of its own, whatever the server does (open loop). Prints a line of
// JSON when all have joined; figures as from the server.
import { parseArgs } from "node:util";
import { packPose } from "./arena.ts";
import { endWithParent } from "./child.ts";
import { joinCounting, type Tally } from "./counting-client.ts";
import { openDesk } from "./desk.ts";
import { percentile } from "./figures.ts";
import { joinObserving, type Observer } from "./observer.ts";
import { readWhole } from "./settings.ts";
import type { SwarmFigures } from "./swarm-figures.ts";
import { createRandom } from "./world.ts";

/** Everyone's turn comes once in this time. */
const ROUND_MS = 1_000;
/** Between two looks at whose turn it is. */
const LOOK_MS = 10;
/** Seats that are being taken at the same time. */
const JOINING_MAX = 16;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    players: { type: "string", default: "1000" },
    observers: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
  },
});
if (values.url === undefined) throw new Error("cannot start the swarm: --url is missing");
const url = values.url;
const players = readWhole("players", values.players, { min: 1, max: 20_000 });
const observers = readWhole("observers", values.observers, { min: 0, max: players });
const random = createRandom(readWhole("seed", values.seed, { min: 1, max: 0xffff_ffff }));

endWithParent();
const tally: Tally = { frames: 0, bytes: 0, cuts: 0 };
const acks: number[] = [];
const walkers: { move(pose: number): void }[] = [];
const watching: Observer[] = [];
let joining = 0;
/** Turns that were made, as if everyone had turned since the clock began. */
let turned = 0;
let since = performance.now();
let cpu = process.cpuUsage();

await Promise.all(Array.from({ length: JOINING_MAX }, joinTheRest));
turned = Math.floor((performance.now() / ROUND_MS) * walkers.length);
setInterval(walk, LOOK_MS);
console.log(JSON.stringify({ joined: walkers.length, figures: openDesk({ read, reset }).href }));

/** Takes seats until everyone has one. */
async function joinTheRest(): Promise<void> {
  while (joining < players) {
    joining += 1;
    if (joining > observers) {
      walkers.push(await joinCounting(url, tally));
      continue;
    }
    const observer = await joinObserving(url, (latencyMs) => acks.push(latencyMs));
    watching.push(observer);
    walkers.push(observer);
  }
}

/** Turns everyone whose moment in the round has come since the last look. */
function walk(): void {
  const now = performance.now();
  const until = Math.floor((now / ROUND_MS) * walkers.length);
  for (; turned < until; turned++) {
    const dx = Math.floor(random() * 3) - 1;
    const dy = Math.floor(random() * 3) - 1;
    walkers[turned % walkers.length]?.move(packPose(dx, dy, true));
  }
}

function reset(): void {
  Object.assign(tally, { frames: 0, bytes: 0, cuts: 0 });
  acks.length = 0;
  since = performance.now();
  cpu = process.cpuUsage();
}

function read(): SwarmFigures {
  const seconds = (performance.now() - since) / 1_000;
  const used = process.cpuUsage(cpu);
  const counting = Math.max(1, players - observers);
  const sorted = acks.toSorted((a, b) => a - b);
  const inView = watching.map(({ room }) => Math.max(0, room.state.players.size - 1));
  return {
    players: walkers.length,
    observers,
    seconds,
    bytesPerClientPerSecond: tally.bytes / counting / seconds,
    framesPerClientPerSecond: tally.frames / counting / seconds,
    ackMsP50: percentile(sorted, 0.5),
    ackMsP99: percentile(sorted, 0.99),
    observedInViewMean: inView.reduce((sum, count) => sum + count, 0) / Math.max(1, observers),
    disconnects: tally.cuts,
    cpuPercent: (used.user + used.system) / 10_000 / seconds,
  };
}
