// Players talk in the whole house: two windows of Chromium, real processes.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Browser, launchChromium } from "#shared/testing/chromium.ts";
import { until } from "#shared/testing/until.ts";
import { House } from "./house.ts";
import { PlayerPage } from "./player-page.ts";

let browser: Browser;
let house: House;
beforeAll(async () => {
  [browser, house] = await Promise.all([launchChromium(), House.start()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await house[Symbol.asyncDispose]();
});

const SHOUTED = "This is heard everywhere";

/** Types a line as a player does. */
async function say({ page }: PlayerPage, line: string): Promise<void> {
  await page.keyboard.press("Enter");
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

async function hears({ page }: PlayerPage, line: string): Promise<void> {
  await page.getByRole("log").getByText(line).waitFor({ state: "attached" });
}

/** Lines in the page's log, those that have faded included. */
async function linesOf({ page }: PlayerPage): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll("#chat-log li")].map(({ textContent }) => textContent ?? ""),
  );
}

async function call(method: string, path: string, body: object, token = ""): Promise<unknown> {
  const answer = await fetch(`${house.url}/api${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    ...(method !== "GET" && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`cannot ${method} ${path}: ${await answer.text()}`);
  return await answer.json();
}

/** Logs the first administrator in, by the link of the first start. */
async function logInRoot(): Promise<string> {
  const token = await until("the link", () => house.output.match(/#setup=([\w-]+)/)?.[1]);
  const root = { token, username: "Root", password: "correct horse" };
  const login = JSON.stringify(await call("POST", "/auth/set-up", root));
  return /"accessToken":"([^"]+)"/.exec(login)?.[1] ?? "";
}

test("two windows talk; who is far hears no local words; who is muted is told", async () => {
  await using ann = await PlayerPage.open(browser, house.url, "Ann");
  await using bob = await PlayerPage.open(browser, house.url, "Bob");
  const corner = { x: 150, y: 150 };
  await Promise.all([ann.walkTo(corner), bob.walkTo({ x: corner.x + 40, y: corner.y })]);

  const before = await ann.self();
  await say(ann, "Hello Bob, shall we wasd r g?");
  await hears(bob, "Hello Bob, shall we wasd r g?");
  await hears(ann, "Hello Bob, shall we wasd r g?");
  // What is typed is text and nothing else; afterwards keys are keys again.
  expect(await ann.self()).toMatchObject({ x: before.x, y: before.y, state: "idle" });
  await ann.page.keyboard.press("Enter");
  await ann.page.keyboard.type("not said");
  await ann.page.keyboard.press("Escape");
  await ann.page.keyboard.down("d");
  await ann.until(() => window.tessera.session?.sample().self?.state === "moving");
  await ann.page.keyboard.up("d");
  await say(bob, "/all You at the far end, too");
  await hears(ann, "You at the far end, too");
  await say(ann, "/to Bob psst");
  await hears(bob, "psst");
  expect((await linesOf(ann)).at(-1)).toBe("to Bob Ann psst");

  await bob.walkTo({ x: 1_850, y: 150 });
  await until("Bob to be out of sight", async () => (await ann.other("Bob")) === undefined);
  await say(ann, "Are you still here?");
  await hears(ann, "Are you still here?");
  await say(ann, `/all ${SHOUTED}`);
  await hears(bob, SHOUTED);
  const heard = (await linesOf(bob)).join("\n");
  expect(heard).not.toContain("Are you still here?");
  expect(heard).not.toContain("not said");

  const root = await logInRoot();
  const page = JSON.stringify(await call("GET", "/chat/messages?channel=global", {}, root));
  const bobId = /"senderId":"([^"]+)","senderName":"Bob"/.exec(page)?.[1] ?? "";
  await call("PUT", `/chat/mutes/${bobId}`, { reason: "shouting", seconds: 600 }, root);
  await say(bob, "/all Nobody can hear this");
  await hears(bob, "You are muted until");
  const text = bob.page.getByLabel("Say something");
  expect(await text.inputValue()).toBe("/all Nobody can hear this");
  await bob.page.keyboard.press("Enter");
  await bob.page.keyboard.press("Escape");
  await say(bob, "Nor this");
  await until("both to be refused", async () => {
    return (await linesOf(bob)).filter((line) => line.includes(": shouting")).length === 2;
  });

  await call("POST", "/chat/announcements", { text: "Back in five minutes" }, root);
  for (const player of [ann, bob]) {
    await player.page.getByRole("status").getByText("Back in five minutes").waitFor();
    await hears(player, "Back in five minutes");
  }
  expect((await linesOf(ann)).join("\n")).not.toMatch(/Nobody can hear|Nor this/);
  expect([...ann.errors, ...bob.errors]).toEqual([]);
}, 180_000);

test("what staff tells a shard's players is shown", async () => {
  await using cid = await PlayerPage.open(browser, house.url, "Cid");
  const login = { username: "Root", password: "correct horse" };
  const root = JSON.stringify(await call("POST", "/auth/log-in", login));
  const token = /"accessToken":"([^"]+)"/.exec(root)?.[1] ?? "";
  await call("POST", "/shards/broadcast", { message: "The disk is being changed" }, token);
  await cid.page.getByRole("status").getByText("The disk is being changed").waitFor();
}, 60_000);
