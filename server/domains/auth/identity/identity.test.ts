import { describe, expect, test } from "bun:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { ConfigurationError } from "#shared/infra/settings.ts";
import { BegunOidc } from "#shared/model/identity.ts";
import {
  type IdentityProvider,
  OIDC_CLIENT,
  openIdentityProvider,
} from "../../../testing/identity-provider.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../../testing/test-server.ts";

const REDIRECT = "http://127.0.0.1:9/play";

function openServer({ issuer }: Pick<IdentityProvider, "issuer">): Promise<TestServer> {
  const oidc = { ...OIDC_CLIENT, issuer, scope: "openid profile", redirectUrls: [REDIRECT] };
  return createTestServer({ identity: { mode: "development", oidc } });
}

async function begin(server: TestServer, redirectUrl = REDIRECT) {
  return server.call("POST", "/api/auth/oidc/begin", { body: { redirectUrl } });
}

const finish = (server: TestServer, body: object, token?: string) =>
  server.call("POST", "/api/auth/oidc/finish", {
    body,
    ...(token !== undefined && { token }),
  });

/** A whole sign-in. */
async function signIn(server: TestServer, provider: IdentityProvider, login: string) {
  const { url, flow } = BegunOidc.parse((await begin(server)).body);
  return { flow, callbackUrl: await provider.signIn(url, login) };
}

test("pages can tell whom a deployment believes", async () => {
  await using provider = await openIdentityProvider(REDIRECT);
  await using server = await openServer(provider);
  await using alone = await createTestServer();
  const ask = async (one: TestServer) => (await one.call("GET", "/api/auth/providers")).body;
  expect(await ask(server)).toEqual({ openId: true, strategies: [] });
  expect(await ask(alone)).toEqual({ openId: false, strategies: [] });
});

describe("an OpenID provider", () => {
  test("signs in the same player each time, who is no guest", async () => {
    await using provider = await openIdentityProvider(REDIRECT);
    await using server = await openServer(provider);
    const first = readCredentials(await finish(server, await signIn(server, provider, "ada")));
    expect(first.player).toMatchObject({ displayName: "Dr. ada", username: null, guest: false });
    const again = readCredentials(await finish(server, await signIn(server, provider, "ada")));
    expect(again.player).toEqual(first.player);
    const other = readCredentials(await finish(server, await signIn(server, provider, "bob")));
    expect(other.player.id).not.toBe(first.player.id);
    const token = again.accessToken;
    expect((await server.call("GET", "/api/players/me", { token })).body).toEqual(first.player);
  });

  test("is asked with PKCE, state and nonce, new each time", async () => {
    await using provider = await openIdentityProvider(REDIRECT);
    await using server = await openServer(provider);
    const asked = await Promise.all(
      [1, 2].map(async () => new URL(BegunOidc.parse((await begin(server)).body).url).searchParams),
    );
    expect(asked[0]?.get("code_challenge_method")).toBe("S256");
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(asked[0]?.get(name)?.length).toBeGreaterThanOrEqual(40);
      expect(asked[0]?.get(name)).not.toBe(asked[1]?.get(name) ?? "");
    }
  });

  test("a sign-in ends once, for the client that began it, and in ten minutes", async () => {
    await using provider = await openIdentityProvider(REDIRECT);
    await using server = await openServer(provider);
    const done = await signIn(server, provider, "ada");
    expect((await finish(server, done)).status).toBe(200);
    expect(readError(await finish(server, done)).code).toBe("TOKEN_EXPIRED");
    const guessed = { ...(await signIn(server, provider, "ada")), flow: "guess" };
    expect(readError(await finish(server, guessed)).code).toBe("TOKEN_EXPIRED");
    const late = await signIn(server, provider, "ada");
    server.clock.advance(10 * 60_000);
    expect((await finish(server, late)).status).toBe(401);
  });

  test("what belongs to another sign-in, or to none, is refused", async () => {
    await using provider = await openIdentityProvider(REDIRECT);
    await using server = await openServer(provider);
    const victim = await signIn(server, provider, "ada");
    const crossed = [
      victim.callbackUrl,
      `${REDIRECT}?code=forged&state=forged`,
      `${REDIRECT}?error=access_denied`,
      victim.callbackUrl.replace(/iss=[^&]+/, "iss=http%3A%2F%2Fevil.test"),
    ];
    for (const callbackUrl of crossed) {
      const { flow } = BegunOidc.parse((await begin(server)).body);
      const answer = await finish(server, { flow, callbackUrl });
      expect(readError(answer).code).toBe("CREDENTIALS_WRONG");
    }
    const { rows } = await server.deps.database.client.execute("SELECT count(*) FROM players");
    expect(rows[0]?.[0]).toBe(0);
  });

  test("a guest who links it loses nothing, and nobody takes another's", async () => {
    await using provider = await openIdentityProvider(REDIRECT);
    await using server = await openServer(provider);
    const guest = await server.guest("Grace");
    const link = { ...(await signIn(server, provider, "ada")), link: true };
    const linked = readCredentials(await finish(server, link, guest.accessToken));
    expect(linked.player).toEqual({ ...guest.player, guest: false });
    const again = readCredentials(await finish(server, await signIn(server, provider, "ada")));
    expect(again.player.id).toBe(guest.player.id);
    const eve = await server.guest("Eve");
    const theft = { ...(await signIn(server, provider, "ada")), link: true };
    expect(readError(await finish(server, theft, eve.accessToken)).code).toBe("CONFLICT");
    const nobody = { ...(await signIn(server, provider, "bob")), link: true };
    expect((await finish(server, nobody)).status).toBe(401);
  });

  test("people come back only to where the operator allows", async () => {
    await using provider = await openIdentityProvider(REDIRECT);
    await using server = await openServer(provider);
    expect((await begin(server, "https://evil.test/play")).status).toBe(400);
  });

  test("away is told, and it is found when it is back; without one it is told too", async () => {
    const away = await openIdentityProvider(REDIRECT);
    await using server = await openServer(away);
    await away[Symbol.asyncDispose]();
    const answer = await begin(server);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    await using without = await createTestServer();
    expect(readError(await begin(without)).message).toContain("TESSERA_OIDC_ISSUER");
  });

  test("over http it is believed in development only", async () => {
    const oidc = { ...OIDC_CLIENT, issuer: "http://id.test", scope: "openid", redirectUrls: [] };
    const opening = createTestServer({ identity: { mode: "production", oidc } });
    await expect(opening).rejects.toThrow(ConfigurationError);
  });
});

describe("tokens of another system", () => {
  const ISSUER = "https://project.supabase.test/auth/v1";

  /** Its keys over HTTP, and what it gives its users. */
  async function openSystem() {
    const keys = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "ES256" };
    const http = Bun.serve({ port: 0, fetch: () => Response.json({ keys: [jwk] }) });
    const keysUrl = http.url.href;
    const jwt = { issuer: ISSUER, audience: "authenticated", keysUrl };
    const server = await createTestServer({ identity: { mode: "development", jwt } });
    const issue = (claims: object, key = keys.privateKey) =>
      new SignJWT({ iss: ISSUER, aud: "authenticated", sub: "ada", ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "one" })
        .setExpirationTime(Math.floor(server.clock.wallMs() / 1_000) + 3_600)
        .sign(key);
    const logIn = (proof: string, strategy = "jwt") =>
      server.call("POST", "/api/auth/log-in-with", { body: { strategy, proof } });
    const close = async () => {
      await http.stop(true);
      await server[Symbol.asyncDispose]();
    };
    return { issue, logIn, http, [Symbol.asyncDispose]: close };
  }

  test("log in the same player each time; an anonymous user there is a guest", async () => {
    await using system = await openSystem();
    const metadata = { user_metadata: { name: "Ada" } };
    const first = readCredentials(await system.logIn(await system.issue(metadata)));
    expect(first.player).toMatchObject({ displayName: "Ada", guest: false });
    const again = readCredentials(await system.logIn(await system.issue({})));
    expect(again.player).toEqual(first.player);
    const anonymous = await system.issue({ sub: "x", is_anonymous: true });
    expect(readCredentials(await system.logIn(anonymous)).player.guest).toBe(true);
  });

  test("are refused when another made them, or made them for somebody else", async () => {
    await using system = await openSystem();
    const foreign = await generateKeyPair("ES256");
    const proofs = [
      await system.issue({}, foreign.privateKey),
      await system.issue({ iss: "https://other.test" }),
      await system.issue({ aud: "anon" }),
      await system.issue({ sub: undefined }),
      "no.token.atall",
    ];
    for (const proof of proofs) {
      expect(readError(await system.logIn(proof)).code).toBe("CREDENTIALS_WRONG");
    }
    const unknown = await system.logIn(await system.issue({}), "passport");
    expect(readError(unknown).message).toContain("this deployment takes jwt");
  });

  test("cannot be checked while the keys are out of reach, and that is told", async () => {
    await using system = await openSystem();
    await system.http.stop(true);
    const answer = await system.logIn(await system.issue({}));
    expect(answer.status).toBe(503);
  });
});
