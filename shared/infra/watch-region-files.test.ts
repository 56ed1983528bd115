import { expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { createLog } from "./log.ts";
import type { RegionFile } from "./region-file.ts";
import { LOOK_MS, watchRegionFiles } from "./watch-region-files.ts";

class Scene {
  readonly folder = createTempDir();
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  readonly told: string[][] = [];
  isAway = false;
  readonly stop: () => void;

  constructor() {
    this.write("eu-west-1");
    this.stop = watchRegionFiles({
      folder: this.folder.path,
      clock: this.clock,
      log: createLog({ process: "test", write: (line) => void this.said.push(line) }),
      changed: (files) => this.#changed(files),
    });
  }

  #changed(files: readonly RegionFile[]): void {
    if (this.isAway) throw new Error("the database is away");
    this.told.push(files.map(({ region }) => region));
  }

  write(region: string, more = "") {
    const content = `region: ${region}\ntitle: ${region}\nworlds: []\n${more}`;
    writeFileSync(join(this.folder.path, `${region}.yaml`), content);
  }

  /** Lets the watch look once, to its end. */
  async look() {
    this.clock.advance(LOOK_MS);
    await until("the end of a look", () => this.clock.pending === 1);
  }
}

test("a region that is added, changed or taken away is told once", async () => {
  const scene = new Scene();
  using _ = scene.folder;
  await scene.look();
  await scene.look();
  expect(scene.told).toEqual([["eu-west-1"]]);
  scene.write("ap-south-1");
  await scene.look();
  await scene.look();
  expect(scene.told.slice(1)).toEqual([["ap-south-1", "eu-west-1"]]);
  rmSync(join(scene.folder.path, "ap-south-1.yaml"));
  await scene.look();
  expect(scene.told.slice(2)).toEqual([["eu-west-1"]]);
  scene.stop();
  expect(scene.clock.pending).toBe(0);
});

test("a file that cannot be used is said once, and changes nothing till it is mended", async () => {
  const scene = new Scene();
  using _ = scene.folder;
  await scene.look();
  scene.write("us-east-1", "colour: red\n");
  await scene.look();
  await scene.look();
  expect(scene.told).toHaveLength(1);
  expect(scene.said).toHaveLength(1);
  expect(scene.said.join()).toContain("the file has no field colour");
  scene.write("us-east-1");
  await scene.look();
  expect(scene.told.at(-1)).toEqual(["eu-west-1", "us-east-1"]);
  scene.stop();
});

test("what could not be taken is told again", async () => {
  const scene = new Scene();
  using _ = scene.folder;
  scene.isAway = true;
  await scene.look();
  expect(scene.said.join()).toContain("the database is away");
  scene.isAway = false;
  await scene.look();
  expect(scene.told).toEqual([["eu-west-1"]]);
  scene.stop();
});
