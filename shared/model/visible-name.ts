/** Names that people see above heads and in lists, and cannot be fooled by. */
import { z } from "zod";

/**
 * Control characters, halves of surrogate pairs, separators, marks that turn the writing direction,
 * fillers and blanks; not the selector that makes a sign an emoji.
 */
const INVISIBLE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\uFE0F]]/v;
/** What is seen by itself: marks alone are not. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name of so many visible characters, as people count them; spaces are tidied. */
export function visibleName(lengthMin: number, lengthMax: number) {
  const tooLong = `must be at most ${lengthMax} characters long`;
  const tooShort =
    lengthMin === 1 ? "must not be empty" : `must be at least ${lengthMin} characters long`;
  return z
    .string()
    .max(200, tooLong)
    .transform((name) => name.normalize("NFC").trim().replace(/\s+/gu, " "))
    .pipe(
      z
        .string()
        .refine((name) => [...name].length >= lengthMin, tooShort)
        .refine((name) => [...name].length <= lengthMax, tooLong)
        .refine((name) => !INVISIBLE.test(name), "must not contain invisible characters")
        .refine((name) => VISIBLE.test(name), "must contain a letter, a digit or a sign"),
    );
}

/** What two names have in common that people take for the same: case, width and spaces aside. */
export function nameKeyOf(name: string): string {
  const plain = name.normalize("NFKC").replace(/\s+/gu, "");
  return plain.toUpperCase().toLowerCase().normalize("NFKC");
}
