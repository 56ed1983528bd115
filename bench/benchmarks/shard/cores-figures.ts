import type { Figures } from "../../run/benchmark.ts";
import { isShardHeld } from "./is-held.ts";

/** Numbers of gateways that are tried. */
export const CORES_GATEWAYS = [1, 2, 4, 8];
/** Two cores are for the loop and for the load generator. */
const OTHER_CORES = 2;
/** No thread should have more to do. */
const BUSY_PERCENT = 90;

/** Those of them that a machine has cores for. */
export function gatewaysFor(cores: number): number[] {
  return CORES_GATEWAYS.filter((gateways) => gateways <= cores - OTHER_CORES);
}

/**
 * How the work of the same players divides among gateways, from the figures with each number of
 * them. A world is full when its busiest thread is, so that thread decides: what the system spreads
 * unevenly, and what each gateway costs by itself, both count.
 */
export function coresFigures(
  outcomes: ReadonlyMap<number, Figures>,
  wanted: { players: number; tickRate: number },
): Figures {
  const figures: Figures = {};
  let notHeld = 0;
  for (const [gateways, outcome] of outcomes) {
    figures[`gatewayPercentWith${gateways}`] = outcome.gatewayThreadPercent ?? 0;
    figures[`loopPercentWith${gateways}`] = outcome.loopThreadPercent ?? 0;
    if (!isShardHeld(outcome, wanted)) notHeld += 1;
  }
  const gatewaysMost = Math.max(...outcomes.keys());
  const busiest = figures[`gatewayPercentWith${gatewaysMost}`] ?? 0;
  const loop = figures[`loopPercentWith${gatewaysMost}`] ?? 0;
  if (busiest === 0)
    throw new Error("cannot compare gateways: the system tells nothing of threads");
  return {
    ...figures,
    gatewaysMost,
    notHeld,
    efficiency: (figures.gatewayPercentWith1 ?? 0) / (gatewaysMost * busiest),
    playersReckoned: Math.floor((wanted.players * BUSY_PERCENT) / Math.max(busiest, loop)),
  };
}
