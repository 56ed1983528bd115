import { expect, test } from "bun:test";
import { createClientAddresses } from "./client-address.ts";

const told: [string | undefined, string][] = [
  [undefined, "unknown"],
  ["10.0.0.1", "10.0.0.1"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
];
for (const [address, expected] of told) {
  test(`${address} counts as ${expected}`, () => {
    const addresses = createClientAddresses();
    const request = new Request("http://server.test");
    addresses.set(request, address);
    expect(addresses.of(request)).toBe(expected);
  });
}
