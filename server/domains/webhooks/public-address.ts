import { BlockList, isIP } from "node:net";

/** What is not the open internet: RFC 6890 and its successors, and addresses that hold another. */
const CLOSED = {
  ipv4: [
    ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
    ...["172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"],
    ...["198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
  ],
  // Of IPv6 only 2000::/3 is in use; these are the parts of it that are not open.
  ipv6: ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"],
};

const closed = blockListOf(CLOSED);
const used = blockListOf({ ipv4: [], ipv6: ["2000::/3"] });
const loopback = blockListOf({ ipv4: ["127.0.0.0/8"], ipv6: ["::1/128"] });

/** Whether an address is one of the open internet, and not of this machine or network. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !closed.check(address, "ipv4");
  if (version === 6) return used.check(address, "ipv6") && !closed.check(address, "ipv6");
  return false;
}

/** Whether an address is this machine itself. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? "ipv4" : "ipv6");
}

function blockListOf(ranges: { ipv4: readonly string[]; ipv6: readonly string[] }): BlockList {
  const list = new BlockList();
  for (const family of ["ipv4", "ipv6"] as const) {
    for (const range of ranges[family]) {
      const [network = "", bits] = range.split("/");
      list.addSubnet(network, Number(bits), family);
    }
  }
  return list;
}
