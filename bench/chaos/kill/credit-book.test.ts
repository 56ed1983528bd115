import { expect, test } from "bun:test";
import { CreditBook } from "./credit-book.ts";

test("credits follow what was acknowledged, not what was refused", () => {
  const book = new CreditBook([3, 3]);
  book.note(0, 1, true);
  book.note(0, 1, false);
  expect(book.compare([2, 4])).toEqual({ surplus: 0, lacking: 0 });
  expect([book.sum, book.done, book.refused]).toEqual([6, 1, 1]);
});

test("a gift that was lost and one that was done twice are both seen", () => {
  const book = new CreditBook([3, 3, 3]);
  book.note(0, 1, true);
  expect(book.compare([3, 3, 3])).toEqual({ surplus: 1, lacking: 1 });
  expect(book.compare([1, 5, 3])).toEqual({ surplus: 1, lacking: 1 });
  expect(book.compare([2, 4, 4])).toEqual({ surplus: 1, lacking: 0 });
});
