import { expect, test } from "bun:test";
import { createStateHash, hashDigest, hashText, hashWord } from "./hash.ts";

test("texts are told apart from their parts", () => {
  const digest = (texts: readonly string[]) => {
    const hash = createStateHash();
    for (const text of texts) hashText(hash, text);
    return hashDigest(hash);
  };
  expect(digest(["ab", "c"])).not.toBe(digest(["a", "bc"]));
  expect(digest(["", "a"])).not.toBe(digest(["a", ""]));
});

test("words do not collide, neither by value nor by number", () => {
  const digests = new Set<string>();
  for (let word = 0; word < 10_000; word++) {
    const hash = createStateHash();
    hashWord(hash, word);
    digests.add(hashDigest(hash));
  }
  const zeros = createStateHash();
  for (let count = 0; count < 10_000; count++) {
    digests.add(hashDigest(zeros));
    hashWord(zeros, 0);
  }
  // A single zero is in both series.
  expect(digests.size).toBe(19_999);
});
