/** Where a request comes from, for limits. */

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
      if (address !== undefined) addresses.set(request, toLimited(address));
    },
    of: (request) => addresses.get(request) ?? UNKNOWN,
  };
}

/** What limits count by: an IPv6 caller has a whole /64 to choose addresses from. */
function toLimited(address: string): string {
  if (!address.includes(":") || address.includes(".") || address === "::1") return address;
  const [start = [], end = []] = address.split("::").map((part) => part.split(":"));
  const zeros = Array<string>(Math.max(0, 8 - start.length - end.length)).fill("0");
  return `${[...start, ...zeros, ...end].slice(0, 4).join(":")}::/64`;
}
