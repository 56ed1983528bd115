// The casts of this room, each with the reason at its call.

/** Takes `value` as a `T` that the compiler cannot see it to be. */
export function unsafeCast<T>(value: unknown): T {
  return value as T;
}
