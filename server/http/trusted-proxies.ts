/** Who calls, behind proxies that say so: only those that are configured are believed. */
import { BlockList, isIP, isIPv4 } from "node:net";

/** Entries of `X-Forwarded-For` looked at, from the right; the rest was written by the client. */
const HOPS_MAX = 10;

/** Finds the client of a request whose connection came from `peer`. */
export class TrustedProxies {
  readonly #trusted = new BlockList();

  /** Networks such as 10.0.0.0/8 or addresses; checked where the setting is read. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = "", bits = isIPv4(network) ? "32" : "128"] = network.split("/");
      this.#trusted.addSubnet(address, Number(bits), familyOf(address));
    }
  }

  /**
   * Each proxy adds the address it was called from at the right end, so the first one from there
   * that is no proxy of ours is the client. Whatever stands further left anybody can have written.
   */
  clientOf(peer: string, forwardedFor: string | null): string {
    if (forwardedFor === null) return peer;
    const hops = forwardedFor.split(",").slice(-HOPS_MAX);
    let client = peer;
    while (this.trusts(client)) {
      const hop = hops.pop()?.trim() ?? "";
      const address = readAddress(hop);
      if (address === undefined) return client;
      client = address;
    }
    return client;
  }

  trusts(address: string): boolean {
    return isIP(address) !== 0 && this.#trusted.check(address, familyOf(address));
  }
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function readAddress(hop: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  return isIP(bare) === 0 ? undefined : bare;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}
