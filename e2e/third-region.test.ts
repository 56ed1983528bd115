// A region is added to two that run, as docs/OPERATIONS.md says: with its file, and nothing else.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Block } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { REGIONS, RegionDeployment } from "../bench/regions/region-deployment.ts";
import { RegionProcess } from "../bench/regions/region-process.ts";
import type { BlocksSession } from "../client/index.ts";
import { joinIn, type Place, settle } from "./settlers.ts";

const THIRD = "ap-south-1";
/** Was there once, and wrote more than players of a test can. */
const FORMER = "sa-east-1";
const FORMER_CELLS = 4_000;
const ROW = 100;
/** Blocks that players change, of two in each region. */
const CHANGED = 320;
const SETTLERS = 4;
/** The walk's promise, with room for a machine that does other things too. */
const WORLD_MS_MAX = 30_000;
const PLACE = /```yaml\n(# regions\/ap-south-1\.yaml\n[^`]+)```/;

/** The file as the walk has it. */
function fileOfWalk(): string {
  const walk = readFileSync(join(import.meta.dir, "../docs/OPERATIONS.md"), "utf8");
  const [, file] = PLACE.exec(walk) ?? [];
  if (file === undefined) throw new Error("cannot find the third region's file in the walk");
  return file;
}

function idAt(session: BlocksSession, { x, y, layer }: Place): number | undefined {
  return session.land.block(x, y, layer)?.id;
}

/** A place over its head where it may build. */
function freeRoof(session: BlocksSession): Place {
  const { self } = session.sample();
  for (let step = 0; step < 49; step += 1) {
    const x = Math.floor(self?.x ?? 0) + (step % 7) - 3;
    const y = Math.floor(self?.y ?? 0) + Math.floor(step / 7) - 3;
    if (idAt(session, { x, y, layer: 2 }) === Block.Air) return { x, y, layer: 2 };
  }
  throw new Error("cannot find a place to build at");
}

async function settleIn(regions: RegionDeployment) {
  const homes = Array.from({ length: SETTLERS }, (_, at) => REGIONS[at % REGIONS.length] ?? "");
  const sessions = await Promise.all(homes.map((region) => joinIn(regions.url, region)));
  const share = Math.ceil(CHANGED / SETTLERS);
  const changed = (await Promise.all(sessions.map((one) => settle(one, share)))).flat();
  return { sessions, changed };
}

/** Far from where players begin, chunk after chunk. */
async function writeMuch(regions: RegionDeployment): Promise<void> {
  regions.setFile(FORMER, fileOfWalk().replaceAll(THIRD, FORMER));
  for (const region of REGIONS) {
    await until(`${region} knows ${FORMER}`, () => {
      return regions.logOf(region).includes(`region ${FORMER} takes part from now on`);
    });
  }
  await using former = await RegionProcess.start({
    ...{ region: FORMER, regions: [FORMER, ...REGIONS], bus: regions.broker.url },
    ...{ batchCount: 1_000, flushMs: 100, compression: "zstd", tickMs: 33 },
    secret: readFileSync(join(regions.data, "cluster-secret"), "utf8").trim(),
  });
  const writes = Array.from({ length: FORMER_CELLS }, (_, at) => {
    return [at % ROW, Math.floor(at / ROW), Block.Planks << 8];
  });
  former.tell({ order: "write", writes: writes.flat() });
  for (const region of REGIONS) {
    await until(`all of it in ${region}`, async () => {
      return Number(await regions.metric(region, "tessera_region_cells")) >= FORMER_CELLS;
    });
  }
  regions.setFile(FORMER, undefined);
}

test.each(["redis", "nats"] as const)(
  "a third region has the whole world by its file alone, on %s",
  async (broker) => {
    await using regions = await RegionDeployment.start(broker);
    await writeMuch(regions);
    const { sessions, changed } = await settleIn(regions);
    expect(changed.length).toBeGreaterThanOrEqual(CHANGED);
    // Where nobody is nothing grows, so that there is a state to be compared.
    await Promise.all(sessions.map((session) => session.leave()));
    expect(await regions.agree(WORLD_MS_MAX)).toBeDefined();
    await regions.broker.forgetBatches("blocks:1");

    regions.setFile(THIRD, fileOfWalk());
    await regions.add(THIRD);
    expect(await regions.agree(WORLD_MS_MAX)).toBeDefined();
    const cells = Number(await regions.metric(THIRD, "tessera_region_cells"));
    expect(cells).toBeGreaterThan(FORMER_CELLS + CHANGED / 2);
    // Of the stream nothing was left: all of it came by comparing, but for what changed since.
    const fetched = await regions.metric(THIRD, "tessera_region_cells_fetched_total");
    expect(Number(fetched)).toBeGreaterThan(FORMER_CELLS + CHANGED / 2);

    const homes = [...REGIONS, THIRD];
    const [witness, other, guest] = await Promise.all(
      homes.map((home) => joinIn(regions.url, home)),
    );
    if (witness === undefined || other === undefined || guest === undefined) {
      throw new Error("cannot join in three regions");
    }
    const inSight = changed.filter((place) => {
      return idAt(guest, place) !== undefined && idAt(witness, place) !== undefined;
    });
    expect(inSight.length).toBeGreaterThan(100);
    const both = inSight.map((place) => [idAt(guest, place), idAt(witness, place)]);
    expect(both.filter(([here, there]) => here !== there)).toEqual([]);

    const place = freeRoof(guest);
    const slot = guest.selfState.inventory.findIndex(({ item }) => item === Block.Planks);
    await guest.perform({ case: "buildPlace", place, slot });
    const seen = () => [witness, other].every((one) => idAt(one, place) === Block.Planks);
    await until("it stands in the two others", seen);
    for (const region of homes) {
      // Each is the process that it was.
      const health = { epoch: 1, regions: { trouble: null } };
      expect(await regions.health(region)).toMatchObject(health);
    }
    await Promise.all([witness, other, guest].map((session) => session.leave()));
  },
  180_000,
);
