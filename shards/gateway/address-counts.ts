// How many game sockets each address holds, over all gateways of a shard. A whole IPv6 /64 is one
// address, since whoever has one of its addresses has all.
//
// Each gateway sees only the connections that the system gave to it, so the counts stand in memory
// that all share. An address is counted in the slot that its hash names. Two addresses may share a
// slot, and then the bound: with 262,144 slots and ten thousand addresses, one in 26 shares its
// slot with another. The hash is seeded, so nobody can choose an address that shares a given one's.
import { limitedAddress } from "#shared/infra/limited-address.ts";

const SLOTS = 1 << 18;

/** Memory for the counts of one shard. */
export function allocateAddressCounts(): SharedArrayBuffer {
  return new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT);
}

/** A gateway's hand on the counts; the seed must be the same for all gateways of a shard. */
export class AddressCounts {
  readonly #counts: Int32Array;
  readonly #seed: number;

  constructor(memory: SharedArrayBuffer, seed: number) {
    this.#counts = new Int32Array(memory);
    this.#seed = seed;
  }

  /** Counts one more for the address; false, and nothing is counted, when it has `most` already. */
  take(address: string, most: number): boolean {
    const slot = this.#slotOf(address);
    if (Atomics.add(this.#counts, slot, 1) < most) return true;
    Atomics.sub(this.#counts, slot, 1);
    return false;
  }

  release(address: string): void {
    Atomics.sub(this.#counts, this.#slotOf(address), 1);
  }

  #slotOf(address: string): number {
    const hash = Bun.hash.xxHash64(limitedAddress(address), BigInt(this.#seed));
    return Number(BigInt.asUintN(18, hash));
  }
}
