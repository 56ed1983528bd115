import { expect, test } from "bun:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { RegionCompression } from "#proto/region_pb.ts";
import { RegionMessageError } from "#shared/net/region-cells.ts";
import { createRandom } from "#shared/sim/kernel/random.ts";
import { compress, INFLATED_BYTES_MAX, INFLATED_RATIO_MAX, inflate } from "./compress.ts";

const { below } = createRandom(1);
/** Text-like: smaller when compressed, but not fifty times. */
const TEXT = Uint8Array.from({ length: 20_000 }, () => 97 + below(6));
const ZEROS = new Uint8Array(64 * 1024 * 1024);

test.each(["none", "zstd", "gzip"] as const)("%s gives back what it was given", (name) => {
  const small = compress(TEXT, name);
  expect(inflate(small)).toEqual(TEXT);
  if (name !== "none") expect(small.bytes.length).toBeLessThan(TEXT.length * 0.8);
});

test("what others would refuse as a bomb, or gets no smaller, is sent as it is", () => {
  expect(compress(new Uint8Array(100_000), "zstd").compression).toBe(RegionCompression.NONE);
  expect(compress(new Uint8Array([1, 2, 3]), "gzip").compression).toBe(RegionCompression.NONE);
});

test.each([
  ["zstd", RegionCompression.ZSTD, zstdCompressSync],
  ["gzip", RegionCompression.GZIP, gzipSync],
] as const)(
  "security 8: a %s bomb is refused before it fills the memory",
  (_name, compression, pack) => {
    const bomb = pack(ZEROS);
    const before = process.memoryUsage.rss();
    expect(() => inflate({ compression, bytes: bomb })).toThrow(RegionMessageError);
    expect(() => inflate({ compression, bytes: bomb })).toThrow("inflate to more than");
    expect(process.memoryUsage.rss() - before).toBeLessThan(ZEROS.length / 2);
  },
);

test("security 8: more than 8 MiB is refused whatever the ratio", () => {
  const much = Uint8Array.from({ length: INFLATED_BYTES_MAX + 1 }, (_, at) => (at * 7919) >> 5);
  const bytes = zstdCompressSync(much);
  expect(bytes.length * INFLATED_RATIO_MAX).toBeGreaterThan(INFLATED_BYTES_MAX);
  const compression = RegionCompression.ZSTD;
  expect(() => inflate({ compression, bytes })).toThrow(`more than ${INFLATED_BYTES_MAX} bytes`);
  expect(() => inflate({ compression: RegionCompression.NONE, bytes: much })).toThrow("too much");
});

test("bytes that are not compressed, or in an unknown way, are refused", () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  for (const compression of [RegionCompression.ZSTD, RegionCompression.GZIP]) {
    expect(() => inflate({ compression, bytes })).toThrow("cannot be inflated");
  }
  expect(() => inflate({ compression: 9 as RegionCompression, bytes })).toThrow(
    "compression 9 is unknown",
  );
});
