// The page at /docs as a stranger uses it: it shows the procedures and tries one.
import { expect, test } from "bun:test";
import { launchChromium } from "#shared/testing/chromium.ts";
import { createTestServer } from "../server/testing/test-server.ts";

test("the reference page tries a call, and needs no other host", async () => {
  await using server = await createTestServer();
  server.publishShard({ population: 7 });
  await using http = Bun.serve({ port: 0, fetch: (request) => server.app.handle(request) });
  const chromium = await launchChromium();
  try {
    const page = await chromium.newPage({ viewport: { width: 1200, height: 900 } });
    const foreign: string[] = [];
    const errors: string[] = [];
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "data:" && origin !== http.url.origin) foreign.push(request.url());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(new URL("/docs", http.url).href);
    const worlds = page.locator("#operations-worlds-worlds-list");
    await worlds.waitFor();
    await worlds.locator(".opblock-summary").click();
    await worlds.getByRole("button", { name: "Try it out" }).click();
    await worlds.getByRole("button", { name: "Execute" }).click();
    const answer = worlds.locator(".live-responses-table .response").first();
    await answer.waitFor();
    expect(await answer.textContent()).toContain('"population": 7');
    expect({ foreign, errors }).toEqual({ foreign: [], errors: [] });
  } finally {
    await chromium.close();
  }
}, 60_000);
