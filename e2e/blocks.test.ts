// The world of blocks through its page: `bun start`, real processes, windows of Chromium.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { Block } from "#shared/sim/index.ts";
import { type Browser, launchChromium } from "#shared/testing/chromium.ts";
import { until } from "#shared/testing/until.ts";
import { fell } from "./blocks-foe.ts";
import { BlocksPage } from "./blocks-page.ts";
import { House } from "./house.ts";

const HOME = "eu-west-1";
const ABROAD = "us-east-1";
/** Planks that everybody begins with, at the second place at hand. */
const PLANKS = 32;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

/** Somebody who has room to build beside; not everybody appears at such a place. */
async function openWithRoom(house: House) {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const name = `Ann${attempt}`;
    const player = await BlocksPage.open(browser, house.url, { name, region: HOME });
    const place = await player.findRoom();
    if (place !== undefined) return { player, place };
    await player[Symbol.asyncDispose]();
  }
  throw new Error("cannot find a place to build at");
}

test("what one builds with the mouse stands in another window, breaks, and is taken", async () => {
  await using house = await House.start();
  const { player: ann, place } = await openWithRoom(house);
  await using bob = await BlocksPage.open(browser, house.url, { name: "Bob", region: HOME });

  await ann.page.keyboard.press("2");
  await ann.click(place, "right");
  await until("the block in Bob's window", async () => (await bob.block(place)) === Block.Planks);
  await until("a plank less", async () => (await ann.count(Block.Planks)) === PLANKS - 1);

  // The shard dies with the block standing and the plank spent.
  process.kill(house.processOf(`blocks:1:${HOME}`), "SIGKILL");
  await Promise.all([ann.status("reconnecting"), bob.status("reconnecting")]);
  await Promise.all([ann.status("playing"), bob.status("playing")]);
  await until("the block is there again", async () => (await ann.block(place)) === Block.Planks);
  expect(await bob.block(place)).toBe(Block.Planks);
  expect(await ann.count(Block.Planks)).toBe(PLANKS - 1);
  expect(await bob.count(Block.Planks)).toBe(PLANKS);

  await ann.click(place, "left");
  await until("it breaks in Bob's window", async () => (await bob.block(place)) === Block.Air);
  await until("a drop lies there", async () => (await bob.itemAt(place))?.item === Block.Planks);
  await ann.click(place, "left");
  await until("the plank is back", async () => (await ann.count(Block.Planks)) === PLANKS);
  await until("nothing lies there", async () => (await bob.itemAt(place)) === undefined);
  expect([...ann.errors, ...bob.errors]).toEqual([]);
  await ann[Symbol.asyncDispose]();
}, 240_000);

test("what is built in one region stands in the window of a player in another", async () => {
  await using house = await House.start();
  const { player: ann, place } = await openWithRoom(house);
  await using bob = await BlocksPage.open(browser, house.url, { name: "Bob", region: ABROAD });
  await ann.page.keyboard.press("2");
  await ann.click(place, "right");
  await until("the block abroad", async () => (await bob.block(place)) === Block.Planks);
  await until("Ann abroad, with her home", async () => {
    return await bob.page.evaluate((home) => {
      const others = window.tessera.blocks?.sample().others ?? [];
      return others.some((other) => other.name.startsWith("Ann") && other.home === home);
    }, HOME);
  });
  expect([...ann.errors, ...bob.errors]).toEqual([]);
  await ann[Symbol.asyncDispose]();
}, 240_000);

test("over a bad path one falls, is told so, and rises with all that one carried", async () => {
  await using house = await House.start();
  const visit = { name: "Ann", region: HOME, latency: "120", loss: "2" };
  await using ann = await BlocksPage.open(browser, house.url, visit);
  const bag = await ann.inventory();
  const target = await ann.page.evaluate(() => window.tessera.blocks?.entityId ?? 0);
  await fell(house.url, { name: "Bob", region: HOME, target });
  const fallen = ann.page.locator("#fallen");
  await fallen.waitFor({ state: "visible" });
  expect(await fallen.textContent()).toContain("Bob was stronger");
  const grave = await ann.self();
  expect(grave.health).toBe(0);
  // Whoever lies there neither walks nor builds, and may still be told so after a reload.
  await ann.page.keyboard.press("d", { delay: 100 });
  expect(await ann.self()).toEqual(grave);
  await ann.page.reload();
  await ann.status("playing");
  await fallen.waitFor({ state: "visible" });
  await ann.page.keyboard.press("r");
  await until("she lives", async () => (await ann.self()).health === 100);
  await fallen.waitFor({ state: "hidden" });
  expect(await ann.inventory()).toEqual(bag);
  const risen = await ann.self();
  await ann.page.keyboard.down("d");
  await ann.page.keyboard.down("s");
  await until("she walks", async () => {
    const { x, y } = await ann.self();
    return Math.hypot(x - risen.x, y - risen.y) > 0.2;
  });
  const reconnects = await ann.page.evaluate(() => window.tessera.blocks?.stats.reconnects);
  expect(reconnects).toBe(0);
  expect(ann.errors).toEqual([]);
}, 240_000);

test("the page shows the region, and leads into another one and back", async () => {
  await using house = await House.start();
  await using ann = await BlocksPage.open(browser, house.url, { name: "Ann", region: HOME });
  const region = ann.page.locator("#region");
  const isThere = async (wanted: string) => {
    const told = await ann.page.evaluate(() => window.tessera.blocks?.region);
    return told === wanted && (await region.inputValue()) === wanted;
  };
  await until("where she is", () => isThere(HOME));
  await ann.page.keyboard.press("2");
  await until("the way to the other one", async () => {
    await region.dispatchEvent("focus");
    return /America \(Virginia\) · ≈ \d+ ms/.test((await region.textContent()) ?? "");
  });
  const [bag, planks] = [await ann.inventory(), await ann.count(Block.Planks)];
  expect(planks).toBe(PLANKS);
  await region.focus();
  await ann.page.keyboard.press("a");
  expect(await isThere(HOME)).toBe(true);
  expect(await region.evaluate((select) => document.activeElement === select)).toBe(false);
  await region.selectOption(ABROAD);
  await until("she is abroad", () => isThere(ABROAD));
  await ann.status("playing");
  expect(new URL(ann.page.url()).searchParams.get("region")).toBe(ABROAD);
  await region.selectOption(HOME);
  await until("she is back", () => isThere(HOME));
  await ann.status("playing");
  await until("her bag is there", async () => {
    return JSON.stringify(await ann.inventory()) === JSON.stringify(bag);
  });
  await ann.page.goto(`${house.url}/play?world=blocks&region=nowhere`);
  await until("some region", async () => (await isThere(HOME)) || (await isThere(ABROAD)));
  // What the server says to the region that is none is the browser's one error.
  expect(ann.errors.filter((error) => !error.includes("404"))).toEqual([]);
}, 240_000);
