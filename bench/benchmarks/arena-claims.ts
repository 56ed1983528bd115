import { defineBenchmark, type Figures } from "../run/benchmark.ts";
import { CLAIM_CASES, CLAIM_PLAYERS, claimBars } from "./claims/claim-cases.ts";
import { CLAIM_MEANINGS, claimFigures } from "./claims/claim-figures.ts";
import { loadLegacy } from "./claims/load-legacy.ts";

const TICK_RATE = 60;

/** What was claimed of the ancestor, measured on its own wire. */
export const arenaClaims = defineBenchmark({
  name: "arena-claims",
  work: "the ancestor's wire at 1,000, 5,000 and 10,000 players, 60 Hz, against what it claimed",
  meanings: Object.fromEntries(
    CLAIM_CASES.flatMap(({ key, title }) =>
      Object.entries(CLAIM_MEANINGS).map(([figure, meaning]) => [
        `${key}${figure}`,
        `${title}: ${meaning}`,
      ]),
    ),
  ),
  runs: 1,
  inProcess: false,
  coresMin: 2,
  params: { ...CLAIM_PLAYERS, gateways: 1, warmUpSeconds: 5, measureSeconds: 20 },
  bars: claimBars,
  async measure({ params, say, profileFolder }) {
    const { gateways, warmUpSeconds, measureSeconds } = params;
    const common = { gateways, warmUpSeconds, measureSeconds, tickRate: TICK_RATE };
    const figures: Figures = {};
    for (const { key, size, rate, crowd } of CLAIM_CASES) {
      const load = { ...common, players: params[size], rate, crowd };
      const outcome = await loadLegacy({ ...load, profileFolder, say });
      for (const [figure, value] of Object.entries(claimFigures(outcome, load))) {
        figures[`${key}${figure}`] = value;
      }
    }
    return figures;
  },
});
