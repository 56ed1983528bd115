/** What a thread that hashes is asked; without `against` for a new hash. */
export interface HashQuestion {
  readonly password: string;
  readonly against?: string;
}

/** A hash, or whether the password matches. */
export type HashAnswer = { readonly value: string | boolean } | { readonly error: string };
