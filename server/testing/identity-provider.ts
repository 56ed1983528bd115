/** A real OpenID provider on this machine, for tests. */
import { createServer } from "node:http";
import Provider from "oidc-provider";

export const OIDC_CLIENT = { clientId: "tessera", clientSecret: "secret-of-the-tests-0123456789" };

export type IdentityProvider = Awaited<ReturnType<typeof openIdentityProvider>>;

/** Serves one client that may come back to `redirectUrl`; `await using` closes it. */
export async function openIdentityProvider(redirectUrl: string) {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", () => resolve()));
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: OIDC_CLIENT.clientId,
        client_secret: OIDC_CLIENT.clientSecret,
        redirect_uris: [redirectUrl],
      },
    ],
    pkce: { required: () => true },
    claims: { profile: ["name"] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Dr. ${id}` }) }),
  });
  http.on("request", provider.callback());
  return {
    issuer,
    /** What a person does in a browser: signs in and agrees; the result is where it ends up. */
    signIn: (url: string, login: string) => signIn({ url, login, redirectUrl }),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

const STEPS_MAX = 12;

async function signIn(visit: { url: string; login: string; redirectUrl: string }): Promise<string> {
  const browser = new CookieBrowser();
  let at = visit.url;
  for (let step = 0; step < STEPS_MAX; step++) {
    let answer = await browser.fetch(at);
    if (!answer.headers.has("location")) {
      const form = await answer.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(form)?.[1] ?? "";
      const action = /action="([^"]+)"/.exec(form)?.[1] ?? at;
      const fields = new URLSearchParams({ prompt, login: visit.login, password: "any" });
      answer = await browser.fetch(new URL(action, at).href, { method: "POST", body: fields });
    }
    at = new URL(answer.headers.get("location") ?? "", at).href;
    if (at.startsWith(visit.redirectUrl)) return at;
  }
  throw new Error(`cannot sign in: still at ${at} after ${STEPS_MAX} steps`);
}

/** Follows nothing by itself, and keeps cookies. */
class CookieBrowser {
  readonly #cookies = new Map<string, string>();

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await fetch(url, { ...init, redirect: "manual", headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}
