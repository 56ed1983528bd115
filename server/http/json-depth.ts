import { AppError } from "#shared/model/errors.ts";

/** Lists and objects within each other; what walks through an input need not fear for its stack. */
export const JSON_DEPTH_MAX = 32;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING: readonly number[] = [0x5b, 0x7b];
const CLOSING: readonly number[] = [0x5d, 0x7d];

/** Throws INVALID_INPUT when JSON text is nested too deeply; looks at brackets only. */
export function checkJsonDepth(text: Uint8Array): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? 0;
    if (quoted) {
      if (character === BACKSLASH) at++;
      else if (character === QUOTE) quoted = false;
    } else if (character === QUOTE) quoted = true;
    else if (OPENING.includes(character)) depth++;
    else if (CLOSING.includes(character)) depth--;
    if (depth > JSON_DEPTH_MAX) {
      throw new AppError(
        "INVALID_INPUT",
        `cannot read the input: it is nested more than ${JSON_DEPTH_MAX} levels deep`,
      );
    }
  }
}
