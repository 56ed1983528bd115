import { expect, test } from "bun:test";
import { blocksCapacity } from "./blocks-capacity.ts";

test("players come to a full land, work there, and all of it is told", async () => {
  const figures = await blocksCapacity.measure({
    params: {
      players: 6,
      gateways: 1,
      animals: 50,
      items: 400,
      piecesPerHundredSeconds: 200,
      rampSeconds: 0,
      warmUpSeconds: 1,
      measureSeconds: 2,
    },
    profileFolder: undefined,
    say: () => undefined,
  });
  expect(figures.players).toBe(6);
  expect(figures.entities).toBeGreaterThan(450);
  expect(figures.chunksLoaded).toBeGreaterThan(16);
  expect(figures.actionsDonePercent).toBeGreaterThan(0);
  expect(figures.probesLost).toBe(0);
  // What is promised is told, each by its name.
  for (const { metric } of blocksCapacity.bars(blocksCapacity.params)) {
    expect(figures[metric], metric).toBeNumber();
  }
}, 60_000);
