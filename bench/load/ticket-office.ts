// Join tickets for a shard without a server: signed here, checked by the shard against the keys
// that this process serves where a server would, as it does leases.
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Clock } from "#shared/time/clock.ts";
import { PaperAuthority } from "../../shards/testing/paper-authority.ts";

const KEY_ID = "load-test";
const TICKET_SECONDS = 30;

export interface TicketOffice {
  /** What the shard takes for its server: it finds keys and leases there, and nothing else. */
  readonly serverUrl: string;
  ticket(playerId: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens an office for one shard. */
export async function openTicketOffice(shardKey: string, clock: Clock): Promise<TicketOffice> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  const keys = {
    keys: [{ ...(await exportJWK(publicKey)), alg: "EdDSA", kid: KEY_ID, use: "sig" }],
  };
  const authority = new PaperAuthority();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/.well-known/jwks.json") return Response.json(keys);
      const answer = await authority.handle(request);
      if (answer !== undefined) return answer;
      return new Response("this is the key server of a load test", { status: 404 });
    },
  });
  return {
    serverUrl: `http://127.0.0.1:${server.port}`,
    ticket(playerId) {
      const nowSeconds = Math.floor(clock.wallMs() / 1_000);
      return new SignJWT({ name: playerId })
        .setProtectedHeader({ alg: "EdDSA", typ: "tessera-ticket+jwt", kid: KEY_ID })
        .setIssuer("tessera")
        .setAudience(shardKey)
        .setSubject(playerId)
        .setJti(crypto.randomUUID())
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + TICKET_SECONDS)
        .sign(privateKey);
    },
    close: () => server.stop(true),
  };
}
