import type { Log } from "#shared/infra/log.ts";
import { ConfigurationError, type Mode } from "#shared/infra/settings.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { IdentityStrategy } from "./identity-strategy.ts";
import { createJwtStrategy } from "./jwt-strategy.ts";
import { OidcProvider, type OidcSettings } from "./oidc-provider.ts";

/** Who else may vouch for people in this deployment. */
export interface IdentitySettings {
  readonly mode: Mode;
  readonly oidc?: (OidcSettings & { readonly redirectUrls: readonly string[] }) | undefined;
  readonly jwt?:
    | { readonly issuer: string; readonly audience: string; readonly keysUrl: string }
    | undefined;
}

export interface Identity {
  readonly oidc: OidcProvider | undefined;
  /** Where people may come back to after a sign-in. */
  readonly redirectUrls: readonly string[];
  readonly strategies: readonly IdentityStrategy[];
}

/** Makes what the settings name; a strategy of one's own is added to the list here. */
export function createIdentity(
  { mode, oidc, jwt }: IdentitySettings,
  { clock, log }: { clock: Clock; log: Log },
): Identity {
  for (const url of [oidc?.issuer, jwt?.keysUrl]) {
    if (url === undefined || mode !== "production" || url.startsWith("https:")) continue;
    throw new ConfigurationError(
      `cannot believe ${url} in production: anybody on the way could vouch for anybody; use https`,
    );
  }
  return {
    oidc: oidc === undefined ? undefined : new OidcProvider(oidc, log),
    redirectUrls: oidc?.redirectUrls ?? [],
    strategies: jwt === undefined ? [] : [createJwtStrategy({ ...jwt, clock })],
  };
}
