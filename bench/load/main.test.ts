import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "#shared/testing/chromium.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import type { Report } from "../report.ts";

/** Bounds that hold on a machine that does much else, instead of those on time. */
const PATIENT = ["ackMsP99<=60000", "observerMsP99<=60000", "missedPercent<=100"];
/** Of those, what holds also where nobody sees another. */
const ALONE = PATIENT.filter((bound) => !bound.startsWith("observer"));
const MAIN = join(import.meta.dir, "main.ts");

/** Runs the command as a user does. */
async function loadtest(...words: string[]) {
  const child = Bun.spawn([process.execPath, MAIN, ...words], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, code };
}

test("a run whose bounds hold: exit code 0, figures that agree, a clean page", async () => {
  using folder = createTempDir();
  const json = join(folder.path, "figures.json");
  const words = ["--players", "50", "--seconds", "2", "--ramp", "0.5", "--report", folder.path];
  for (const bound of PATIENT) words.push("--threshold", bound);
  const { stdout, stderr, code } = await loadtest(...words, "--json", json);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("TESSERA_CONNECTIONS_PER_IP=150");
  expect(stdout).toContain("50 of 50 players");
  expect(stdout).toContain("met     playersPlaying 50 >= 50");

  const report: Report = JSON.parse(readFileSync(json, "utf8"));
  expect(report).toEqual(JSON.parse(readFileSync(join(folder.path, "report.json"), "utf8")));
  expect(report).toMatchObject({ name: "loadtest", params: { players: 50, world: "arena" } });
  expect(report.metrics).toMatchObject({
    playersPlaying: 50,
    probesLost: 0,
    failures: 0,
    cuts: 0,
  });
  expect(report.bars.every(({ ok }) => ok)).toBe(true);
  await expectPage(join(folder.path, "report.html"), ["50 players", "bounds met"]);
});

test("a page of the ancestor's wire tells of messages, and of no ping", async () => {
  using folder = createTempDir();
  const words = ["--legacy", "--players", "5", "--seconds", "1", "--ramp", "0"];
  const { stdout } = await loadtest(...words, "--report", folder.path);
  expect(stdout).toMatch(/messages {3}\d+ came; per client/);
  const page = readFileSync(join(folder.path, "report.html"), "utf8");
  expect(page).toContain("<b>Messages</b>");
  expect(page).not.toContain("<b>Ping</b>");
  expect(page).not.toContain("counted as missed");
});

test("a run with a missed bound: exit code 1, and the page says so", async () => {
  using folder = createTempDir();
  const words = ["--players", "5", "--seconds", "1", "--ramp", "0", "--report", folder.path];
  for (const bound of [...ALONE, "framesPerClientPerSecond<=1"]) words.push("--threshold", bound);
  const { stdout, code } = await loadtest(...words);
  expect(code).toBe(1);
  expect(stdout).toMatch(/MISSED {2}framesPerClientPerSecond \S+ <= 1/);
  expect(readFileSync(join(folder.path, "report.html"), "utf8")).toMatch(/1 of \d bounds missed/);
});

test("a bound on what this run does not measure: exit code 1 and why", async () => {
  using folder = createTempDir();
  const words = ["--players", "1", "--seconds", "1", "--ramp", "0", "--report", folder.path];
  const { stderr, code } = await loadtest(...words, "--threshold", "observerMsP99<=250");
  expect(code).toBe(1);
  expect(stderr).toContain("cannot judge observerMsP99: a run with these options does not");
});

test("the limit is searched for until a bound breaks", async () => {
  using folder = createTempDir();
  const words = ["--players", "1", "--seconds", "1", "--ramp", "0", "--report", folder.path];
  for (const bound of [...ALONE, "playersPlaying<=1"]) words.push("--threshold", bound);
  const { stdout, code } = await loadtest(...words, "--find-limit");
  expect(code).toBe(0);
  expect(stdout).toContain("limit      1 players hold all bounds; tried");
  expect(stdout).toContain("2: playersPlaying is 2 and not <= 1");
  const page = readFileSync(join(folder.path, "report.html"), "utf8");
  expect(page).toContain("The limit: 1 players");
  expect(page).toContain("Latency by players");
});

test("an interrupted run leaves nothing behind", async () => {
  const child = Bun.spawn([process.execPath, MAIN, "--players", "2", "--seconds", "600"], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk);
    if (/data in \S+\./.test(said)) child.kill("SIGINT");
  }
  const folder = /data in (\S+)\./.exec(said)?.[1] ?? "";
  expect(await child.exited).toBe(130);
  expect(folder).toContain("tessera-load-");
  expect(existsSync(folder)).toBe(false);
});

test("a wrong flag: exit code 78 and what is allowed", async () => {
  const { stderr, code } = await loadtest("--players", "none");
  expect(code).toBe(78);
  expect(stderr).toContain("--players is none, allowed is a whole number from 1 to 12,000");
});

test("--help says how: exit code 0", async () => {
  const { stdout, stderr, code } = await loadtest("--players", "5", "--help");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toStartWith("usage: bun run loadtest");
  expect(stdout).toContain("--find-limit");
});

test("a server that is not there: exit code 1 and its address", async () => {
  const { stderr, code } = await loadtest("--url", "http://127.0.0.1:1");
  expect(code).toBe(1);
  expect(stderr).toContain("cannot run load test: there is no server at http://127.0.0.1:1");
});

/** Opens the page as a person would, and moves the pointer over a chart. */
async function expectPage(path: string, texts: readonly string[]): Promise<void> {
  await using browser = await launchChromium();
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) problems.push(`asks for ${request.url()}`);
  });
  await page.goto(`file://${path}`);
  const shown = await page.locator("main").textContent();
  for (const text of texts) expect(shown).toContain(text);
  await page.locator("[data-chart] svg").first().hover();
  expect(await page.locator(".tip:visible").count()).toBe(1);
  expect(problems).toEqual([]);
}
