// What a shard says of itself, word by word, while secrets pass through its hands.
import { expect, test } from "bun:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { GameClient } from "./testing/game-client.ts";
import { PaperAuthority } from "./testing/paper-authority.ts";
import { ShardProcess } from "./testing/shard-process.ts";

const SHARD_KEY = "arena:1:eu-west-1";
const CLUSTER_SECRET = "Rk3v9xTq7LmZ2wBn5cYh8dJf4gSp6aUe";

/** Signs join tickets, tells the key and gives out leases, in a server's place. */
async function openKeyServer() {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "test" }] };
  const authority = new PaperAuthority();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: { "/.well-known/jwks.json": () => Response.json(keys) },
    fetch: async (request) =>
      (await authority.handle(request)) ?? new Response("not found", { status: 404 }),
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    ticket: (playerId: string, expires: string) =>
      new SignJWT({ name: playerId })
        .setProtectedHeader({ alg: "EdDSA", typ: "tessera-ticket+jwt", kid: "test" })
        .setIssuer("tessera")
        .setAudience(SHARD_KEY)
        .setSubject(playerId)
        .setJti(crypto.randomUUID())
        .setIssuedAt("-60s")
        .setExpirationTime(expires)
        .sign(privateKey),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** Shows a credential and waits until it is refused. */
async function beRefused(
  address: string,
  credential: { ticket: string } | { resumeToken: string },
) {
  const client = new GameClient(address);
  await client.hello(credential);
  await client.ended;
}

test("security 4: no ticket or secret is in any line that a shard logs", async () => {
  await using folder = createTempDir();
  await using server = await openKeyServer();
  await using shard = new ShardProcess([], {
    TESSERA_DATA: folder.path,
    TESSERA_SERVER_URL: server.url,
    TESSERA_CLUSTER_SECRET: CLUSTER_SECRET,
    TESSERA_LOG_LEVEL: "debug",
  });
  await shard.says("shard is serving");
  const [address = ""] = shard.addresses(SHARD_KEY);
  const ticket = await server.ticket("ann", "30s");
  const late = await server.ticket("bob", "-10s");
  const broken = `${ticket.slice(0, -8)}AAAAAAAA`;
  const first = await GameClient.join(address, { ticket });
  const used = first.welcome?.resumeToken ?? "";
  first.cut();
  using second = await GameClient.join(address, { resumeToken: used });
  const kept = second.welcome?.resumeToken ?? "";
  for (const refused of [ticket, late, broken, "no ticket at all, but secret"]) {
    await beRefused(address, { ticket: refused });
  }
  await beRefused(address, { resumeToken: used });
  await fetch(address.replace(/^ws(.*)game$/, "http$1metrics"), {
    headers: { authorization: `Bearer ${CLUSTER_SECRET}` },
  });
  shard.child.kill("SIGTERM");
  await shard.ended();
  // Of a signed ticket its signature alone would be as bad, and half of it hardly better.
  const secrets = [ticket, late, broken].flatMap((token) => token.split(".").slice(1));
  secrets.push(used, kept, CLUSTER_SECRET, "no ticket at all, but secret");
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(16);
    expect(shard.output).not.toContain(secret.slice(0, 16));
  }
  expect(shard.output).toContain("shard stopped");
});
