/** argon2id, a few at a time: each hash takes memory and a core for tens of milliseconds. */
import { AppError } from "#shared/model/errors.ts";

/** Hashes that run at once; each holds MEMORY_KIB. */
export const HASHES_RUNNING_MAX = 2;
/** Hashes that wait; one more is refused with BUSY. */
export const HASHES_WAITING_MAX = 64;

/** OWASP's second recommendation for argon2id: 19 MiB, 2 passes. */
const MEMORY_KIB = 19_456;
const PASSES = 2;

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Against null, does the same work as against a hash and says no. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

/** A hasher with bounded concurrency. */
export async function createPasswordHasher(): Promise<PasswordHasher> {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function bounded<T>(work: () => Promise<T>): Promise<T> {
    if (running >= HASHES_RUNNING_MAX) {
      if (waiting.length >= HASHES_WAITING_MAX) {
        throw new AppError(
          "BUSY",
          "cannot check the password now: too many others are waiting; try again in a moment",
          { retryAfterSeconds: 2 },
        );
      }
      // Woken by the one that ends, which hands its place over.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  const hash = (password: string) =>
    bounded(() =>
      Bun.password.hash(password, {
        algorithm: "argon2id",
        memoryCost: MEMORY_KIB,
        timeCost: PASSES,
      }),
    );
  const decoy = await hash(crypto.randomUUID());
  return {
    hash,
    verify: (password, stored) =>
      bounded(async () => {
        const matches = await Bun.password.verify(password, stored ?? decoy, "argon2id");
        return matches && stored !== null;
      }),
  };
}
