// The SDK in every runtime it is for: calls, a login and a subscription, against a real port.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { EventSource } from "eventsource";
import { launchChromium } from "#shared/testing/chromium.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { createTestServer, type TestServer } from "../server/testing/test-server.ts";
import { smoke } from "./smoke-client.fixture.ts";

const seen = { name: "Ada", worlds: ["arena"], told: 7 };
const DENO = join(import.meta.dir, "../node_modules/deno/bin.cjs");

function serve(server: TestServer, files: Readonly<Record<string, string>> = {}) {
  server.publishShard({ population: 7 });
  return Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const file = files[pathname];
      if (file === undefined) return await server.app.handle(request);
      const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
      return new Response(file, { headers: { "content-type": type } });
    },
  });
}

async function bundle(entry: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [join(import.meta.dir, entry)],
    target: "browser",
  });
  return (await outputs[0]?.text()) ?? "";
}

test("in Bun, with a package's EventSource", async () => {
  await using server = await createTestServer();
  await using http = serve(server);
  expect(await smoke(http.url.origin, { EventSource })).toEqual(seen);
});

test("in Deno, as one bundled file that may do nothing but reach the server", async () => {
  await using server = await createTestServer();
  await using http = serve(server);
  using folder = createTempDir();
  const file = join(folder.path, "smoke.js");
  await Bun.write(file, await bundle("smoke-deno.fixture.ts"));
  const allowed = `--allow-net=${http.url.host}`;
  const deno = Bun.spawn(
    [process.execPath, DENO, "run", "--no-prompt", allowed, file, http.url.origin],
    { env: { ...process.env, DENO_DIR: folder.path, DENO_NO_UPDATE_CHECK: "1" }, stdout: "pipe" },
  );
  expect(JSON.parse(await new Response(deno.stdout).text())).toEqual(seen);
  expect(await deno.exited).toBe(0);
}, 60_000);

test("in a browser, as a page's bundle", async () => {
  await using server = await createTestServer();
  await using http = serve(server, {
    "/": '<!doctype html><script type="module" src="/smoke.js"></script>',
    "/smoke.js": await bundle("smoke-browser.fixture.ts"),
  });
  const chromium = await launchChromium();
  try {
    const page = await chromium.newPage();
    await page.goto(http.url.origin);
    await page.waitForFunction("document.title !== ''");
    expect(JSON.parse(await page.title())).toEqual(seen);
  } finally {
    await chromium.close();
  }
}, 60_000);
