/** Where a request comes from, for limits. */
import { limitedAddress } from "#shared/infra/limited-address.ts";

export type AddressOf = (request: Request) => string;

const UNKNOWN = "unknown";

/** Remembers the peer's address for as long as its request lives. */
export function createClientAddresses(): {
  set(request: Request, address: string | undefined): void;
  of: AddressOf;
} {
  const addresses = new WeakMap<Request, string>();
  return {
    set: (request, address) => {
      if (address !== undefined) addresses.set(request, limitedAddress(address));
    },
    of: (request) => addresses.get(request) ?? UNKNOWN,
  };
}
