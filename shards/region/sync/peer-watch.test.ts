import { expect, test } from "bun:test";
import { RegionScene, SCENE_KEYS } from "./testing/region-scene.ts";

const keys = new Map([...SCENE_KEYS].filter(([region]) => region !== "ap-south-1"));
const linesOf = (said: readonly string[], text: string) =>
  said.filter((line) => line.includes(text)).length;

test("a region that falls silent is told of once, and once when it is heard again", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1", { keys });
  const us = scene.add("us-east-1", { keys });
  await scene.run(3_000);
  for (let cut = 1; cut <= 2; cut += 1) {
    scene.broker.cut("us-east-1");
    await scene.run(20_000);
    expect(linesOf(eu.said, "region us-east-1 is silent")).toBe(cut);
    expect(linesOf(us.said, "region eu-west-1 is silent")).toBe(cut);
    scene.broker.cut("us-east-1", false);
    await scene.run(3_000);
    expect(linesOf(eu.said, "region us-east-1 is heard now")).toBe(cut);
  }
});

test("a region that never comes is told of after half a minute, with what to do", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1", { keys });
  await scene.run(29_000);
  expect(linesOf(eu.said, "region us-east-1")).toBe(0);
  await scene.run(60_000);
  expect(linesOf(eu.said, "region us-east-1 was not heard yet: start its shard")).toBe(1);
  scene.add("us-east-1", { keys });
  await scene.run(2_000);
  expect(linesOf(eu.said, "region us-east-1 is heard now")).toBe(1);
});
