import { describe, expect, test } from "bun:test";
import { createClientAddresses } from "./client-address.ts";
import { TrustedProxies } from "./trusted-proxies.ts";

/** The connection's address, what X-Forwarded-For says, and who is counted. */
const told: [string | undefined, string | null, string][] = [
  [undefined, null, "unknown"],
  ["198.51.100.1", null, "198.51.100.1"],
  ["2001:db8:1:2::9", null, "2001:db8:1:2::/64"],
  ["198.51.100.1", "203.0.113.9", "198.51.100.1"],
  ["10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
  ["10.0.0.1", "1.1.1.1, 203.0.113.9, 10.9.9.9", "203.0.113.9"],
  ["::ffff:10.0.0.1", "203.0.113.9:4711", "203.0.113.9"],
  ["fd00::1", "[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"],
  ["192.0.2.7", "203.0.113.9", "203.0.113.9"],
  ["192.0.2.8", "203.0.113.9", "192.0.2.8"],
  ["10.0.0.1", "10.0.0.2", "10.0.0.2"],
  ["10.0.0.1", "nonsense", "10.0.0.1"],
  ["10.0.0.1", "203.0.113.9, ", "10.0.0.1"],
  ["10.0.0.1", `${"10.0.0.2,".repeat(50)}10.0.0.2`, "10.0.0.2"],
];

const proxies = new TrustedProxies(["10.0.0.0/8", "fd00::/8", "192.0.2.7"]);

describe("security 7: a client's address is taken from configured proxies only", () => {
  for (const [peer, forwardedFor, expected] of told) {
    test(`${peer} saying ${forwardedFor?.slice(0, 60)} counts as ${expected}`, () => {
      const addresses = createClientAddresses({ proxies, onUntrustedProxy: () => undefined });
      const headers = forwardedFor === null ? {} : { "x-forwarded-for": forwardedFor };
      const request = new Request("http://server.test", { headers });
      addresses.set(request, peer);
      expect(addresses.of(request)).toBe(expected);
    });
  }
});

test("a proxy on this machine that is not configured is told of, once", () => {
  let warnings = 0;
  const onUntrustedProxy = () => {
    warnings++;
  };
  const addresses = createClientAddresses({ proxies, onUntrustedProxy });
  const headers = { "x-forwarded-for": "203.0.113.9" };
  for (const peer of ["127.0.0.1", "::1", "198.51.100.1"]) {
    addresses.set(new Request("http://server.test", { headers }), peer);
  }
  expect(warnings).toBe(1);
});
