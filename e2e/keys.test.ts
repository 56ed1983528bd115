// A rotation of keys as a shard lives through it: tickets of a real server, its keys over HTTP.
import { expect, test } from "bun:test";
import { JoinedWorld } from "#shared/model/worlds.ts";
import { KEY_LEAD_MS } from "../server/domains/auth/signing-keys.ts";
import { createTestServer } from "../server/testing/test-server.ts";
import { openKeys, verifyTicket } from "../shards/gateway/tickets.ts";

test("security 2: a shard believes tickets before, during and after a rotation", async () => {
  await using server = await createTestServer();
  server.publishShard();
  await using http = Bun.serve({ port: 0, fetch: (request) => server.app.handle(request) });
  const keys = openKeys({ url: new URL("/.well-known/jwks.json", http.url).href });
  const login = await server.guest();
  async function believes(): Promise<boolean> {
    const token = login.accessToken;
    const answer = await server.call("POST", "/api/worlds/arena/join", { token, body: {} });
    const { ticket, shardKey } = JoinedWorld.parse(answer.body);
    const wallMs = () => server.clock.wallMs();
    return (await verifyTicket(ticket, { keys, shardKey, wallMs })).ok;
  }
  expect(await believes()).toBe(true);
  const { keys: signing, audit } = server.deps;
  await signing.rotate(audit, { atOnce: false, actorId: login.player.id });
  expect(await believes()).toBe(true);
  server.publishShard();
  server.clock.advance(KEY_LEAD_MS);
  server.publishShard();
  expect((await signing.signer()).id).toBe((await signing.live())[0]?.id ?? "");
  // Shards look every minute, and the new key has been there for five: this is one that looks.
  const anew = openKeys({ url: new URL("/.well-known/jwks.json", http.url).href });
  const token = login.accessToken;
  const answer = await server.call("POST", "/api/worlds/arena/join", { token, body: {} });
  const { ticket, shardKey } = JoinedWorld.parse(answer.body);
  const wallMs = () => server.clock.wallMs();
  expect((await verifyTicket(ticket, { keys: anew, shardKey, wallMs })).ok).toBe(true);
});
