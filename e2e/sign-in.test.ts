// Signing in at an OpenID provider: by the SDK, and at /play in a real browser.
import { expect, test } from "bun:test";
import { launchChromium } from "#shared/testing/chromium.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { createClient } from "../client/index.ts";
import { createMemoryStorage } from "../client/sdk/token-store.ts";
import {
  type IdentityProvider,
  OIDC_CLIENT,
  openIdentityProvider,
} from "../server/testing/identity-provider.ts";
import { spawnServer } from "../server/testing/server-process.ts";

/** A server and the provider that it believes; both have to know the server's address. */
async function openBoth() {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = probe;
  probe.stop(true);
  const folder = createTempDir();
  const redirectUrl = `http://127.0.0.1:${port}/play`;
  const provider = await openIdentityProvider(redirectUrl);
  const server = spawnServer({
    TESSERA_DATA: folder.path,
    TESSERA_PORT: String(port),
    TESSERA_OIDC_ISSUER: provider.issuer,
    TESSERA_OIDC_CLIENT_ID: OIDC_CLIENT.clientId,
    TESSERA_OIDC_CLIENT_SECRET: OIDC_CLIENT.clientSecret,
    TESSERA_OIDC_SCOPE: "openid profile",
  });
  return {
    provider,
    redirectUrl,
    url: await server.ready,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

type Both = Awaited<ReturnType<typeof openBoth>>;

async function signIn({ provider, url, redirectUrl }: Both, as: string, link = false) {
  const client = createClient({ url, storage: createMemoryStorage() });
  const guest = link ? await client.guest({ displayName: "Visitor" }) : null;
  const callbackUrl = await provider.signIn(await client.beginSignIn({ redirectUrl }), as);
  const player = await client.finishSignIn({ callbackUrl, link });
  return { client, callbackUrl, guest, player };
}

test("the SDK signs a person in, once for each time that it began", async () => {
  await using both = await openBoth();
  const { client, callbackUrl, player } = await signIn(both, "ada");
  expect(player).toMatchObject({ displayName: "Dr. ada", guest: false });
  expect(client.player).toEqual(player);
  const { id }: { id: string } = await client.api.players.me.query();
  expect(id).toBe(player?.id ?? "");
  expect(await client.finishSignIn({ callbackUrl })).toBeNull();
  expect(await client.finishSignIn({ callbackUrl: both.redirectUrl })).toBeNull();
  const linked = await signIn(both, "grace", true);
  expect(linked.player).toEqual({ ...linked.guest, guest: false } as typeof linked.player);
}, 60_000);

test.each([
  ["", ""],
  ["?world=blocks&name=Guest", "?world=blocks"],
])(
  "at /play%s a guest signs in, and is that person after a reload",
  async (left, back) => {
    await using both = await openBoth();
    await using browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(`${both.redirectUrl}${left}`);
    // No shard runs here: the notice of that lies over the button.
    await page.locator("#sign-in:not([hidden])").dispatchEvent("click");
    await signInByHand(page, both.provider);
    await page.waitForURL(`${both.redirectUrl}${back}`);
    const world = left === "" ? "arena" : "blocks";
    expect(await page.locator("html").getAttribute("data-world")).toBe(world);
    const stored = () =>
      page.evaluate(() => Object.values(localStorage).find((text) => text.includes("Dr. ada")));
    expect(await stored()).toContain('"guest":false');
    await page.reload();
    expect(await stored()).toContain('"guest":false');
    expect(await page.locator("#sign-in").isHidden()).toBe(true);
  },
  120_000,
);

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchChromium>>["newPage"]>>;

/** As a person does at the provider's own pages. */
async function signInByHand(page: Page, { issuer }: IdentityProvider): Promise<void> {
  await page.waitForURL(`${issuer}/**`);
  await page.locator("input[name=login]").fill("ada");
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
}
