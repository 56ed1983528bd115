import {
  gunzipSync,
  gzipSync,
  type ZlibOptions,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import { RegionCompression } from "#proto/region_pb.ts";
import { RegionMessageError } from "#shared/net/region-cells.ts";

/** What a message may have uncompressed, and how many times its compressed size. */
export const INFLATED_BYTES_MAX = 8 * 1024 * 1024;
export const INFLATED_RATIO_MAX = 50;

/** How a region's configuration names them. */
export type CompressionName = "none" | "zstd" | "gzip";

export interface Compressed {
  readonly compression: RegionCompression;
  readonly bytes: Uint8Array;
}

const NONE = RegionCompression.NONE;
const METHODS = { none: NONE, zstd: RegionCompression.ZSTD, gzip: RegionCompression.GZIP };
/** Fast rather than small: batches come every few seconds or every tick. */
const GZIP: ZlibOptions = { level: 1 };

/**
 * Compresses in a form that `inflate` takes: what gets no smaller, or would become smaller than
 * others may believe, stays as it is.
 */
export function compress(bytes: Uint8Array, name: CompressionName): Compressed {
  if (bytes.length > INFLATED_BYTES_MAX) {
    throw new Error(`cannot compress ${bytes.length} bytes: at most are ${INFLATED_BYTES_MAX}`);
  }
  if (name === "none") return { compression: NONE, bytes };
  const small = name === "zstd" ? zstdCompressSync(bytes) : gzipSync(bytes, GZIP);
  if (small.length >= bytes.length || small.length * INFLATED_RATIO_MAX < bytes.length) {
    return { compression: NONE, bytes };
  }
  return { compression: METHODS[name], bytes: small };
}

/** The bytes as they were; bounded while they are inflated, so that no bomb fills the memory. */
export function inflate({ compression, bytes }: Compressed): Uint8Array {
  const maxOutputLength = Math.min(INFLATED_BYTES_MAX, bytes.length * INFLATED_RATIO_MAX);
  switch (compression) {
    case RegionCompression.NONE:
      if (bytes.length <= INFLATED_BYTES_MAX) return bytes;
      throw new RegionMessageError(`cannot read changes: ${bytes.length} bytes, which is too much`);
    case RegionCompression.ZSTD:
      return bounded(() => zstdDecompressSync(bytes, { maxOutputLength }), maxOutputLength);
    case RegionCompression.GZIP:
      return bounded(() => gunzipSync(bytes, { maxOutputLength }), maxOutputLength);
    default:
      throw new RegionMessageError(`cannot read changes: compression ${compression} is unknown`);
  }
}

function bounded(open: () => Uint8Array, most: number): Uint8Array {
  try {
    return open();
  } catch (cause) {
    const isTooMuch = cause instanceof RangeError || codeOf(cause) === "ERR_BUFFER_TOO_LARGE";
    const reason = isTooMuch
      ? `they inflate to more than ${most} bytes, ` +
        `the least of 8 MiB and ${INFLATED_RATIO_MAX} times their size`
      : "they cannot be inflated";
    throw new RegionMessageError(`cannot read changes: ${reason}`, { cause });
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
