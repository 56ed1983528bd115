import { expect, test } from "bun:test";
import { AddressCounts, allocateAddressCounts } from "./address-counts.ts";

test("an address is let in up to its bound, over all gateways together", () => {
  const memory = allocateAddressCounts();
  const [one, other] = [new AddressCounts(memory, 7), new AddressCounts(memory, 7)];
  expect([one.take("10.0.0.1", 2), other.take("10.0.0.1", 2)]).toEqual([true, true]);
  expect(one.take("10.0.0.1", 2)).toBe(false);
  expect(one.take("10.0.0.2", 2)).toBe(true);
  other.release("10.0.0.1");
  expect(one.take("10.0.0.1", 2)).toBe(true);
});

test("of IPv6 a /64 counts as one address", () => {
  const counts = new AddressCounts(allocateAddressCounts(), 7);
  expect(counts.take("2001:db8:1:2::a", 2)).toBe(true);
  expect(counts.take("2001:db8:1:2:ffff::1", 2)).toBe(true);
  expect(counts.take("2001:db8:1:2:3:4:5:6", 2)).toBe(false);
  expect(counts.take("2001:db8:1:3::a", 2)).toBe(true);
  counts.release("2001:db8:1:2:3:4:5:6");
  expect(counts.take("2001:db8:1:2::b", 2)).toBe(true);
});
