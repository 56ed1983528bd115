/** Where a request comes from, for limits. */
import { isLoopback, limitedAddress } from "#shared/infra/limited-address.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

export type AddressOf = (request: Request) => string;

export interface ClientAddressesOptions {
  readonly proxies: TrustedProxies;
  /** Called once, when a proxy on this machine seems to stand in front and is not configured. */
  readonly onUntrustedProxy: () => void;
}

const UNKNOWN = "unknown";
const HEADER = "x-forwarded-for";

/** Remembers the client's address for as long as its request lives. */
export function createClientAddresses({ proxies, onUntrustedProxy }: ClientAddressesOptions): {
  set(request: Request, peer: string | undefined): void;
  of: AddressOf;
} {
  const addresses = new WeakMap<Request, string>();
  let warned = false;
  return {
    set: (request, peer) => {
      if (peer === undefined) return;
      const forwardedFor = request.headers.get(HEADER);
      // Addresses of this machine are not limited, so behind such a proxy nobody would be.
      if (forwardedFor !== null && isLoopback(peer) && !proxies.trusts(peer) && !warned) {
        warned = true;
        onUntrustedProxy();
      }
      addresses.set(request, limitedAddress(proxies.clientOf(peer, forwardedFor)));
    },
    of: (request) => addresses.get(request) ?? UNKNOWN,
  };
}
