import { expect, test } from "bun:test";
import { base64url, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";

async function readKey(server: TestServer) {
  const { rows } = await server.deps.database.client.execute("SELECT * FROM signing_keys");
  const row = rows[0];
  return {
    kid: String(row?.id),
    privateJwk: JSON.parse(String(row?.private_jwk)),
    publicJwk: JSON.parse(String(row?.public_jwk)),
  };
}

interface Forgery {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly claims?: Record<string, unknown>;
}

type Forge = (server: TestServer, token: string) => Promise<string>;

/** The same token, signed with the deployment's own key but for what is changed. */
function changed({ header, claims }: Forgery): Forge {
  return async (server, token) => {
    const { kid, privateJwk } = await readKey(server);
    const payload = JSON.parse(new TextDecoder().decode(base64url.decode(part(token, 1))));
    return await new SignJWT({ ...payload, ...claims })
      .setProtectedHeader({ alg: "EdDSA", typ: "tessera-access+jwt", kid, ...header })
      .sign(privateJwk);
  };
}

function part(token: string, index: number): string {
  return token.split(".")[index] ?? "";
}

function withHeader(token: string, header: object): string {
  return `${base64url.encode(JSON.stringify(header))}.${part(token, 1)}.${part(token, 2)}`;
}

const forgeries: Record<string, Forge> = {
  "without a signature (alg none)": async (_, token) =>
    `${withHeader(token, { alg: "none", typ: "tessera-access+jwt" }).replace(/[^.]*$/, "")}`,
  "HS256 with the public key as its secret": async (server, token) => {
    const { kid, publicJwk } = await readKey(server);
    const payload = JSON.parse(new TextDecoder().decode(base64url.decode(part(token, 1))));
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: "HS256", typ: "tessera-access+jwt", kid })
      .sign(base64url.decode(publicJwk.x));
  },
  "signed by another key under our key id": async (server, token) => {
    const { kid } = await readKey(server);
    const { privateKey } = await generateKeyPair("EdDSA");
    const payload = JSON.parse(new TextDecoder().decode(base64url.decode(part(token, 1))));
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: "EdDSA", typ: "tessera-access+jwt", kid })
      .sign(privateKey);
  },
  "that brings its own key (jwk, jku)": async (_, token) => {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
    const payload = JSON.parse(new TextDecoder().decode(base64url.decode(part(token, 1))));
    const jwk = await exportJWK(publicKey);
    const jku = "https://attacker.test/jwks.json";
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: "EdDSA", typ: "tessera-access+jwt", jwk, jku, kid: "theirs" })
      .sign(privateKey);
  },
  "with a foreign key id": changed({ header: { kid: "theirs" } }),
  "of another type": changed({ header: { typ: "tessera-ticket+jwt" } }),
  "for another audience": changed({ claims: { aud: "arena:1:eu-west-1" } }),
  "of another issuer": changed({ claims: { iss: "somebody" } }),
  "without an expiry": changed({ claims: { exp: undefined } }),
  "with a changed payload": async (_, token) =>
    `${part(token, 0)}.${base64url.encode('{"sub":"x"}')}.${part(token, 2)}`,
  "that is no token": async () => "abc.def.ghi",
};

for (const [what, forge] of Object.entries(forgeries)) {
  test(`security 2: a token ${what} is refused`, async () => {
    await using server = await createTestServer();
    const { accessToken } = await server.guest();
    const token = await forge(server, accessToken);
    // The one that it was made from has been believed, and is remembered.
    const genuine = await server.call("GET", "/api/players/me", { token: accessToken });
    expect(genuine.status).toBe(200);
    const answer = await server.call("GET", "/api/players/me", { token });
    expect(answer.status).toBe(401);
    expect(readError(answer)).toEqual({
      code: "UNAUTHORIZED",
      message: "cannot accept the access token: it is not one of this deployment; log in again",
    });
  });
}

test("a token signed by hand with the deployment's key is taken", async () => {
  await using server = await createTestServer();
  const { accessToken } = await server.guest();
  const token = await changed({})(server, accessToken);
  expect((await server.call("GET", "/api/players/me", { token })).status).toBe(200);
});

test("security 2: an access token lasts 15 minutes and then says what to do", async () => {
  await using server = await createTestServer();
  const { accessToken: token, accessExpiresAt } = await server.guest();
  expect(Date.parse(accessExpiresAt) - server.clock.wallMs()).toBeLessThanOrEqual(15 * 60_000);
  server.clock.advance(15 * 60_000 - 1_000);
  expect((await server.call("GET", "/api/players/me", { token })).status).toBe(200);
  server.clock.advance(1_000);
  const late = await server.call("GET", "/api/players/me", { token });
  expect(readError(late)).toEqual({
    code: "TOKEN_EXPIRED",
    message: "cannot accept the access token: it has expired; get a new one from auth.refresh",
  });
});

test("the key set shows public keys only", async () => {
  await using server = await createTestServer();
  const answer = await server.call("GET", "/.well-known/jwks.json");
  const { publicJwk } = await readKey(server);
  expect(answer.body).toEqual({ keys: [publicJwk] });
  expect(JSON.stringify(answer.body)).not.toContain('"d"');
});
