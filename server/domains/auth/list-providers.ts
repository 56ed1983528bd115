import type { ProviderList } from "#shared/model/identity.ts";
import type { ServerDeps } from "../../deps.ts";

/** Who else vouches for people here, for a page that offers it. */
export function listProviders({ identity }: Pick<ServerDeps, "identity">): ProviderList {
  return {
    openId: identity.oidc !== undefined,
    strategies: identity.strategies.map(({ name }) => name),
  };
}
