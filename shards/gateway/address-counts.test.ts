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
