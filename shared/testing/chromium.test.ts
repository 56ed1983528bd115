import { expect, test } from "bun:test";
import { findChromium, launchChromium } from "./chromium.ts";

test("Chromium starts, draws with WebGL2 and closes", async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const webgl = await page.evaluate(
      () => document.createElement("canvas").getContext("webgl2") !== null,
    );
    expect(webgl).toBe(true);
  } finally {
    await browser.close();
  }
});

test("a configured path that is not a program is not replaced by another browser", () => {
  expect(findChromium({ TESSERA_CHROMIUM: "/nowhere/chromium" })).toBeUndefined();
  expect(findChromium({ TESSERA_CHROMIUM: process.execPath })).toBe(process.execPath);
});
