// The process of `attackers.ts`.
import { createRandom } from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { Orders, type Outcome } from "./attackers.ts";
import { ATTACKS, type Battle, type Offence, SILENCES, sleep } from "./attacks.ts";

/** Attacks at one time. */
const LANES = 8;
/** A connection that is still open then is reported as not closed. */
const CLOSED_MS_MAX = 5_000;
const SILENT_MS_MAX = 30_000;

if (process.send === undefined) {
  console.error("cannot attack alone: start it with `bun run chaos flood`");
  process.exit(78);
}
process.on("disconnect", () => process.exit(1));

const { address, seed, burst, attacks, silences } = Orders.parse(JSON.parse(process.argv[2] ?? ""));
const random = createRandom(seed);
const clock = systemClock;
const battle = (ticket: string): Battle => ({ address, ticket, clock, random, burst });

const waiting = [...attacks];
const outcomes: Outcome[] = [];
const [quiet] = await Promise.all([
  Promise.all(silences.map((name) => judge(name, SILENCES[name](battle("")), SILENT_MS_MAX))),
  ...Array.from({ length: LANES }, fight),
]);
process.send({ attacks: outcomes, silences: quiet }, undefined, undefined, () => process.exit(0));

async function fight(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { name, ticket } = next;
    outcomes.push(await judge(name, ATTACKS[name](battle(ticket)), CLOSED_MS_MAX));
  }
}

/** Waits until the shard has closed the connection. */
async function judge(name: string, begun: Promise<Offence>, msMax: number): Promise<Outcome> {
  const { socket, sinceMs, frames } = await begun;
  const ending = await Promise.race([socket.ended, sleep(clock, msMax)]);
  socket.cut();
  if (ending === undefined) return { name, frames };
  return { name, frames, closedMs: ending.atMs - sinceMs, code: ending.code };
}
