// The whole house through its front door: `bun start`, real processes, two windows of Chromium.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Browser, launchChromium } from "#shared/testing/chromium.ts";
import { until } from "#shared/testing/until.ts";
import { House } from "./house.ts";
import { PlayerPage } from "./player-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

/** What is walked in the ticks that may be seen before they are in the database. */
const AHEAD_UNITS_MAX = 40;

/** Away from the edges, where nobody could step aside. */
function within(position: number): number {
  return Math.min(1_900, Math.max(100, position));
}

/** Two windows whose players stand next to each other, the second to the right of the first. */
async function meet(house: House) {
  const [ann, bob] = await Promise.all([
    PlayerPage.open(browser, house.url, "Ann"),
    PlayerPage.open(browser, house.url, "Bob"),
  ]);
  const [from, to] = await Promise.all([ann.self(), bob.self()]);
  const place = { x: within((from.x + to.x) / 2), y: within((from.y + to.y) / 2) };
  await Promise.all([ann.walkTo(place), bob.walkTo({ x: place.x + 26, y: place.y })]);
  return {
    ann,
    bob,
    place,
    async [Symbol.asyncDispose]() {
      await Promise.all([ann[Symbol.asyncDispose](), bob[Symbol.asyncDispose]()]);
    },
  };
}

test("two windows see each other move, fight, fall and rise", async () => {
  await using house = await House.start();
  await using met = await meet(house);
  const { ann, bob, place } = met;
  const before = await until("Bob in Ann's window", () => ann.other("Bob"));
  expect(Math.abs(before.x - place.x - 26)).toBeLessThan(12);

  await bob.page.getByLabel("Your name").fill("Robert");
  await bob.page.keyboard.press("Enter");
  await until("Bob's new name in Ann's window", () => ann.other("Robert"));
  await bob.page.getByLabel("Your name").fill("Bob");
  await bob.page.keyboard.press("Enter");
  await until("Bob's old name in Ann's window", () => ann.other("Bob"));

  await bob.page.keyboard.down("d");
  await until("Bob to walk in Ann's window", async () => {
    const seen = await ann.other("Bob");
    return seen !== undefined && seen.state === "moving" && seen.x > before.x + 20;
  });
  await bob.page.keyboard.up("d");
  await bob.walkTo({ x: place.x + 26, y: place.y });

  await ann.page.keyboard.press("g");
  await ann.page.getByText("You gave Bob a credit").waitFor();
  await ann.until(() => document.getElementById("credits")?.textContent === "2");
  await bob.until(() => document.getElementById("credits")?.textContent === "4");

  await ann.page.evaluate(() => window.tessera.session?.face(true));
  await ann.page.keyboard.down(" ");
  await until("Bob's window to show the hit", async () => (await bob.self()).health < 100);
  await until("Ann's window to show it too", async () => {
    return ((await ann.other("Bob"))?.health ?? 100) < 100;
  });
  await until("Bob to fall in both windows", async () => {
    const [own, seen] = await Promise.all([bob.self(), ann.other("Bob")]);
    return own.state === "dead" && seen?.state === "dead";
  });
  await ann.page.keyboard.up(" ");
  await bob.page.keyboard.press("r");
  await bob.until(() => window.tessera.session?.sample().self?.health === 100);
  expect((await bob.self()).state).not.toBe("dead");
  expect(await ann.page.evaluate(() => window.tessera.session?.selfState.kills)).toBe(1);
  expect([...ann.errors, ...bob.errors]).toEqual([]);
});

test("a killed shard is back by itself with everybody in place", async () => {
  await using house = await House.start();
  await using met = await meet(house);
  const { ann, bob } = met;
  const places = await Promise.all([ann.self(), bob.self()]);
  const processBefore = house.shardProcess;
  house.signalShard("SIGKILL");
  await Promise.all([ann.status("reconnecting"), bob.status("reconnecting")]);
  await Promise.all([ann.status("playing"), bob.status("playing")]);
  expect(house.shardProcess).not.toBe(processBefore);
  for (const [index, player] of [ann, bob].entries()) {
    const before = places[index];
    const after = await player.self();
    expect(after.id).toBe(before?.id ?? 0);
    expect(Math.abs(after.x - (before?.x ?? 0))).toBeLessThan(1);
    expect(Math.abs(after.y - (before?.y ?? 0))).toBeLessThan(1);
  }
  await until("Bob in Ann's window again", () => ann.other("Bob"));
  await ann.walkTo({ x: met.place.x - 40, y: met.place.y });
});

test("killed in the middle of play, a shard is back with what everybody has", async () => {
  await using house = await House.start();
  await using met = await meet(house);
  const { ann, bob } = met;
  await ann.page.keyboard.press("g");
  await ann.page.getByText("You gave Bob a credit").waitFor();
  await ann.page.evaluate(() => window.tessera.session?.face(true));
  await ann.page.keyboard.down(" ");
  await bob.until(() => (window.tessera.session?.selfState.deaths ?? 0) > 0);
  await ann.page.keyboard.up(" ");
  await ann.until(() => (window.tessera.session?.selfState.kills ?? 0) > 0);
  const tallies = await Promise.all([ann.tally(), bob.tally()]);
  expect(tallies.map(({ kills, deaths, credits }) => [kills, deaths, credits])).toEqual([
    [1, 0, 3],
    [0, 1, 4],
  ]);

  await ann.page.keyboard.down("a");
  await ann.until(() => window.tessera.session?.sample().self?.state === "moving");
  const leaps = await ann.watchLeaps();
  const before = await ann.self();
  house.signalShard("SIGKILL");
  await ann.status("reconnecting");
  const foretold = await ann.self();
  const told = foretold.serverX ?? Number.NaN;
  // What is let go while the shard is away is not held any more when it is back.
  await ann.page.keyboard.up("a");
  await Promise.all([ann.status("playing"), bob.status("playing")]);
  await ann.settle();
  const after = await ann.self();
  expect(after.id).toBe(before.id);
  expect(after.y).toBeCloseTo(before.y, 1);
  // Where the shard told her to be, walking left, she is or has got beyond; less the few ticks that
  // a slow disk lets frames be ahead of it.
  expect(after.x).toBeLessThan(told + AHEAD_UNITS_MAX);
  expect(await Promise.all([ann.tally(), bob.tally()])).toEqual(tallies);
  // What was foretold beyond is taken back over several frames, of which a slow page shows few, and
  // nobody ever leaps farther than that.
  expect(await leaps()).toBeLessThan(Math.max(64, 16 + after.x - foretold.x));
  expect([...ann.errors, ...bob.errors]).toEqual([]);
});

test("with everything away the page says so, and plays on when it is back", async () => {
  await using house = await House.start();
  await using ann = await PlayerPage.open(browser, house.url, "Ann");
  const notice = ann.page.getByText("Connection lost");
  await notice.waitFor({ state: "hidden" });
  const place = await ann.self();
  expect(await house.stop()).toBe(0);
  await notice.waitFor({ state: "visible" });
  await house.restart();
  await ann.status("playing");
  await notice.waitFor({ state: "hidden" });
  const after = await ann.self();
  expect(Math.hypot(after.x - place.x, after.y - place.y)).toBeLessThan(1);
});

test("bots play from the start; without its data the house begins anew", async () => {
  await using house = await House.start({ TESSERA_BOTS: "4" });
  const population = async () => {
    const response = await fetch(`${house.url}/api/worlds/arena`);
    const world: unknown = await response.json();
    return JSON.stringify(world).match(/"population":(\d+)/)?.[1];
  };
  await until("four bots", async () => (await population()) === "4");
  await using ann = await PlayerPage.open(browser, house.url, "Ann");
  await ann.page.waitForFunction(() => document.body.textContent?.includes("5 online"));
  await house.stop();
  house.forget();
  await house.restart();
  await until("four bots again", async () => (await population()) === "4");
});
