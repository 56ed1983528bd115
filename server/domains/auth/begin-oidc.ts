import { createHash, randomBytes } from "node:crypto";
import { count } from "drizzle-orm";
import { oidcFlows } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { BeginOidcInput, BegunOidc } from "#shared/model/identity.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import type { OidcProvider } from "./identity/oidc-provider.ts";

/** How long a person has for signing in. */
const OIDC_FLOW_MS = 10 * 60 * 1_000;
/** Sign-ins under way; one more is refused with BUSY. */
const FLOWS_MAX = 10_000;

/**
 * Begins a sign-in at the identity provider. What is kept can only be used with the flow, which the
 * client that began it keeps to itself: nobody is logged in by a link that somebody else sent.
 */
export async function beginOidc(
  deps: ServerDeps,
  caller: Caller,
  { redirectUrl }: BeginOidcInput,
): Promise<BegunOidc> {
  const { oidc, redirectUrls } = requireOidc(deps);
  deps.attempts.take(caller.address);
  if (!redirectUrls.includes(redirectUrl)) {
    throw new AppError(
      "INVALID_INPUT",
      "cannot begin the sign-in: redirectUrl must be one of TESSERA_OIDC_REDIRECT_URLS",
    );
  }
  const { orm } = deps.database;
  const [waiting] = await orm.select({ count: count() }).from(oidcFlows);
  if ((waiting?.count ?? 0) >= FLOWS_MAX) {
    throw new AppError("BUSY", "cannot begin the sign-in now: too many are under way", {
      retryAfterSeconds: 60,
    });
  }
  const { url, checks } = await oidc.begin(redirectUrl);
  const flow = randomBytes(32).toString("base64url");
  const expiresAtMs = Math.trunc(deps.clock.wallMs()) + OIDC_FLOW_MS;
  await orm.insert(oidcFlows).values({ hash: hashFlow(flow), ...checks, expiresAtMs });
  return { url, flow };
}

/** The configured provider; throws UNAVAILABLE where there is none. */
export function requireOidc({ identity }: Pick<ServerDeps, "identity">): {
  oidc: OidcProvider;
  redirectUrls: readonly string[];
} {
  const { oidc, redirectUrls } = identity;
  if (oidc !== undefined) return { oidc, redirectUrls };
  throw new AppError(
    "UNAVAILABLE",
    "cannot sign in: this deployment has no OpenID provider; its operator sets TESSERA_OIDC_ISSUER",
  );
}

/** How a flow is stored. */
export function hashFlow(flow: string): string {
  return createHash("sha256").update(flow).digest("hex");
}
