// WebSocket frames as no client should send them (RFC 6455 §5.2 is what they break).
import type { Random } from "#shared/sim/index.ts";

export const OPCODE = { continuation: 0, text: 1, binary: 2, ping: 9, pong: 10 } as const;

const FINAL = 0x80;
const MASKED = 0x80;

export interface FrameShape {
  readonly opcode?: number;
  /** The first byte as it goes out, flags and all; instead of `opcode`. */
  readonly first?: number;
  readonly isMasked?: boolean;
  /** What the header says; the payload's own length unless told otherwise. */
  readonly claimedBytes?: number;
}

/** A frame around a payload; the mask is 0, so the payload goes out as it is. */
export function frameBytes(payload: Uint8Array, shape: FrameShape = {}): Uint8Array {
  const { opcode = OPCODE.binary, isMasked = true } = shape;
  const claimed = shape.claimedBytes ?? payload.length;
  const lengthBytes = claimed < 126 ? 0 : claimed <= 0xffff ? 2 : 8;
  const maskBytes = isMasked ? 4 : 0;
  const frame = new Uint8Array(2 + lengthBytes + maskBytes + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] = shape.first ?? FINAL | opcode;
  frame[1] =
    (isMasked ? MASKED : 0) | (lengthBytes === 0 ? claimed : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) view.setUint16(2, claimed);
  if (lengthBytes === 8) view.setBigUint64(2, BigInt(claimed));
  frame.set(payload, 2 + lengthBytes + maskBytes);
  return frame;
}

/** Noise from which all noise is cut: an attacker that is busy throwing dice sees nothing. */
const POOL_BYTES = 1 << 18;
const pools = new WeakMap<Random, Uint8Array>();

/** Random bytes, valid as long as nobody writes to them; at most 256 KiB. */
export function noise(random: Random, bytes: number): Uint8Array {
  const pool = pools.get(random) ?? fillPool(random);
  const start = random.below(POOL_BYTES - bytes + 1);
  return pool.subarray(start, start + bytes);
}

function fillPool(random: Random): Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  const words = new Uint32Array(pool.buffer);
  for (let at = 0; at < words.length; at += 1) words[at] = random.uint32();
  pools.set(random, pool);
  return pool;
}

/** Several arrays as one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
