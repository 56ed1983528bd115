import { expect, test } from "bun:test";
import { arenaClaims } from "../arena-claims.ts";
import { CLAIM_MEANINGS, claimFigures } from "./claim-figures.ts";
import { loadLegacy } from "./load-legacy.ts";

test("clients of the ancestor play, hear of their MOVEs and see each other", async () => {
  const load = { players: 4, rate: 10, tickRate: 60 };
  const outcome = await loadLegacy({
    ...load,
    crowd: "spread",
    gateways: 1,
    warmUpSeconds: 0.5,
    measureSeconds: 1,
    profileFolder: undefined,
    say: () => undefined,
  });
  const figures = claimFigures(outcome, load);
  expect(Object.keys(figures)).toEqual(Object.keys(CLAIM_MEANINGS));
  expect(figures).toMatchObject({ Players: 4, Cuts: 0, Lost: 0 });
  expect(figures.WatchedEntities).toBeGreaterThan(0);
  expect(figures.AckMsMean).toBeGreaterThan(0);
  expect(figures.BytesPerClientPerSecond).toBeGreaterThan(0);
}, 60_000);

test("each bar is about a figure that is explained", () => {
  const explained = Object.keys(arenaClaims.meanings);
  for (const { metric } of arenaClaims.bars(arenaClaims.params)) {
    expect(explained).toContain(metric);
  }
});
