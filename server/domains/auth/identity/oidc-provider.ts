/** Sign-in at an OpenID provider; the only file that knows openid-client. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { Log } from "#shared/infra/log.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ProvenPerson } from "./identity-strategy.ts";

/** Each request to the provider. */
const ANSWER_SECONDS_MAX = 5;

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** Such as `openid profile`. */
  readonly scope: string;
}

/** What has to be kept between the two halves of a sign-in. */
export interface OidcChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** One provider by configuration; asked for its metadata when it is first needed. */
export class OidcProvider {
  /** Stands before subjects in the database. */
  readonly provider: string;
  readonly #settings: OidcSettings;
  readonly #log: Log;
  #found: Promise<Configuration> | undefined;

  constructor(settings: OidcSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.provider = `oidc ${settings.issuer}`;
  }

  /** Where the person signs in, and what `finish` needs afterwards. */
  async begin(redirectUrl: string): Promise<{ url: string; checks: OidcChecks }> {
    const configuration = await this.#find();
    const codeVerifier = randomPKCECodeVerifier();
    const checks = { state: randomState(), nonce: randomNonce(), codeVerifier };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUrl,
      scope: this.#settings.scope,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, checks };
  }

  /** Exchanges the code in the address that the provider sent the person back to. */
  async finish(callbackUrl: string, checks: OidcChecks): Promise<ProvenPerson> {
    const configuration = await this.#find();
    try {
      const tokens = await authorizationCodeGrant(configuration, new URL(callbackUrl), {
        pkceCodeVerifier: checks.codeVerifier,
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error("there is no ID token");
      const { name, preferred_username: username } = claims;
      const said = typeof name === "string" ? name : username;
      const shown = typeof said === "string" ? said : undefined;
      return { subject: claims.sub, name: shown, anonymous: false };
    } catch (cause) {
      this.#log.info("sign-in refused", { reason: describe(cause) });
      throw new AppError(
        "CREDENTIALS_WRONG",
        "cannot log in: the identity provider does not vouch for this; begin anew",
        { cause },
      );
    }
  }

  #find(): Promise<Configuration> {
    this.#found ??= this.#discover().catch((cause) => {
      this.#found = undefined; // The next one who comes asks again.
      this.#log.warning("cannot reach the identity provider", { reason: describe(cause) });
      throw new AppError(
        "UNAVAILABLE",
        "cannot log in: the identity provider is out of reach; try again in a moment",
        { cause, retryAfterSeconds: 5 },
      );
    });
    return this.#found;
  }

  #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    // The signature of an ID token is checked although it comes straight from the provider.
    const execute = [enableNonRepudiationChecks];
    if (url.protocol === "http:") execute.push(allowInsecureRequests);
    const options = { execute, timeout: ANSWER_SECONDS_MAX };
    return discovery(url, clientId, clientSecret, undefined, options);
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
