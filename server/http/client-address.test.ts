import { expect, test } from "bun:test";
import { createClientAddresses } from "./client-address.ts";

const told: [string | undefined, string][] = [
  [undefined, "unknown"],
  ["10.0.0.1", "10.0.0.1"],
  ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
  ["::1", "::1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["2001::4:5:6:7:8:9", "2001:0:4:5::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
];
for (const [address, expected] of told) {
  test(`${address} counts as ${expected}`, () => {
    const addresses = createClientAddresses();
    const request = new Request("http://server.test");
    addresses.set(request, address);
    expect(addresses.of(request)).toBe(expected);
  });
}
