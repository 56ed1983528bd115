/** Which texts may be said: the one rule, for the API, the game socket and its clients. */

/** Characters of one message, as people count them. */
export const TEXT_LENGTH_MAX = 300;
/** UTF-16 units of one message; longer ones are not looked at. */
export const TEXT_UNITS_MAX = 4 * TEXT_LENGTH_MAX;

/** As in names, but for the joiners that some scripts and pictures are written with. */
const INVISIBLE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\uFE0F\u200C\u200D]]/v;
/** More marks on one letter reach into the lines above and below. */
const PILED_MARKS = /\p{M}{5}/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** What is the matter with a text; the message goes on from "the text". */
export interface TextFault {
  readonly kind: "tooLong" | "text";
  readonly message: string;
}

const TOO_LONG: TextFault = {
  kind: "tooLong",
  message: `must be at most ${TEXT_LENGTH_MAX} characters long`,
};

/** As it is said and kept. */
export function tidyText(text: string): string {
  return text.normalize("NFC").trim();
}

/** What keeps a tidied text from being said; undefined when nothing does. */
export function faultOfText(text: string): TextFault | undefined {
  if (text.length > TEXT_UNITS_MAX || [...text].length > TEXT_LENGTH_MAX) return TOO_LONG;
  if (text === "") return { kind: "text", message: "must not be empty" };
  if (INVISIBLE.test(text)) {
    const message =
      "must not contain control characters, line breaks or marks that turn the direction";
    return { kind: "text", message };
  }
  if (PILED_MARKS.test(text)) return { kind: "text", message: "must not pile marks on a letter" };
  if (VISIBLE.test(text)) return undefined;
  return { kind: "text", message: "must contain a letter, a digit or a sign" };
}
