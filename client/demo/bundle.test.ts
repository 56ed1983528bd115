import { expect, test } from "bun:test";
import { join } from "node:path";

/** All that a first visit loads, before compression. */
const BUNDLE_BYTES_MAX = 2_000_000;

test("the page bundles into files of its own, small enough", async () => {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "index.html")],
    minify: true,
    target: "browser",
  });
  expect(built.success).toBe(true);
  const bytes = built.outputs.reduce((sum, output) => sum + output.size, 0);
  expect(bytes).toBeLessThan(BUNDLE_BYTES_MAX);
  const page = built.outputs.find((output) => output.path.endsWith(".html"));
  const html = (await page?.text()) ?? "";
  expect(html).toMatch(/rel="icon"\s+href="data:image\/svg\+xml/);
  for (const [, url] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(url).toMatch(/^(data:|\.\/|\/)/);
  }
}, 60_000);
