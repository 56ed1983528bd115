// Waiting for a condition that no event announces.

/**
 * Looks every few milliseconds until `read` gives something other than undefined, null or false,
 * and returns that; fails with `what` when it has not after `withinMs`.
 */
export async function until<T>(
  what: string,
  read: () => T | Promise<T>,
  withinMs = 20_000,
): Promise<Exclude<T, undefined | null | false>> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    if (performance.now() > endMs)
      throw new Error(`cannot wait longer for ${what}: it has not come within ${withinMs} ms`);
    await Bun.sleep(5);
  }
}

function isThere<T>(value: T): value is Exclude<T, undefined | null | false> {
  return value !== undefined && value !== null && value !== false;
}
