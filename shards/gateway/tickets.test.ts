import { expect, test } from "bun:test";
import { generateKeyPair, SignJWT } from "jose";
import { verifyTicket } from "./tickets.ts";

const NOW_MS = 1_700_000_000_000;

test("a name with half a surrogate pair is the same live as out of the journal", async () => {
  const keys = await generateKeyPair("EdDSA");
  const token = await new SignJWT({ name: "Ann \ud83d" })
    .setProtectedHeader({ alg: "EdDSA", typ: "tessera-ticket+jwt" })
    .setIssuer("tessera")
    .setAudience("arena:1:eu-west-1")
    .setSubject("ann")
    .setJti("ticket")
    .setIssuedAt(NOW_MS / 1_000)
    .setExpirationTime(NOW_MS / 1_000 + 30)
    .sign(keys.privateKey);
  const result = await verifyTicket(token, {
    keys: async () => keys.publicKey,
    shardKey: "arena:1:eu-west-1",
    wallMs: () => NOW_MS,
  });
  expect(result).toMatchObject({ ok: true, ticket: { name: "Ann \ufffd" } });
});
