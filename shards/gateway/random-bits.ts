/** Numbers drawn from the system at once. */
const BATCH = 256;

/** A source of 32-bit numbers that nobody can guess. */
export function createRandomBits(): () => number {
  const batch = new Uint32Array(BATCH);
  let next = BATCH;
  return () => {
    if (next === BATCH) {
      crypto.getRandomValues(batch);
      next = 0;
    }
    return batch[next++] ?? 0;
  };
}
