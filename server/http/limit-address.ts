/** The limits of what is no procedure: counted by address alone, before anybody does anything. */
import { hasBearer } from "#shared/infra/bearer.ts";
import type { ServerDeps } from "../deps.ts";
import { toErrorResponse } from "../errors.ts";
import type { LimitClass } from "../limits/limit-classes.ts";
import type { AddressOf } from "./client-address.ts";

/** What to answer when an address asks too often, else nothing. */
export type AddressLimit = (given: { readonly request: Request }) => Promise<Response | undefined>;

/** A limit for routes, as a hook of theirs; processes of the deployment are not limited. */
export function createAddressLimit(
  deps: Pick<ServerDeps, "limits" | "clusterSecret">,
  addressOf: AddressOf,
  limitClass: LimitClass,
): AddressLimit {
  return async ({ request }) => {
    if (hasBearer(request, deps.clusterSecret)) return undefined;
    const quota = deps.limits.begin([limitClass]);
    try {
      await quota.takeAddress(addressOf(request));
      return undefined;
    } catch (error) {
      const response = toErrorResponse(error);
      quota.writeHeaders(response.headers);
      return response;
    }
  };
}
