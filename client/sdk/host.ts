/** What the page or process around the SDK offers: storages and locks that not every host has. */
import type { KeyValueStorage } from "./client-types.ts";
import { createMemoryStorage, type Storages } from "./token-store.ts";

/** `localStorage` and `sessionStorage` where they work, else memory. */
export function hostStorages(): Storages {
  return {
    lasting: usable(() => globalThis.localStorage) ?? createMemoryStorage(),
    tab: usable(() => globalThis.sessionStorage) ?? createMemoryStorage(),
  };
}

/** Uniform in [0, 1); for spreading, not for secrets. */
export function hostRandom(): number {
  return Math.random();
}

/** Nobody guesses them. */
export function hostRandomBytes(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

/** Runs `work` while no other tab of this origin does the same; elsewhere just runs it. */
export async function withHostLock<Result>(
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) return work();
  return await locks.request(name, work);
}

/** Privacy settings make even the access to a storage throw, and Bun has none. */
function usable(find: () => KeyValueStorage | undefined): KeyValueStorage | undefined {
  try {
    const storage = find();
    storage?.getItem("tessera:probe");
    return storage ?? undefined;
  } catch {
    return undefined;
  }
}
