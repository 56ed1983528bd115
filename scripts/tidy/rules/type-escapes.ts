import { type Rule, violationAt } from "../tree.ts";

const IN_CODE = [
  { pattern: /(?<![\w$.])any\b(?!\s*[(:=])/g, instead: "write unknown and look at it" },
  { pattern: /[\w$)\]]!(?![=\w])/g, instead: "handle undefined, or assert with a message" },
];
const IN_TEXT = [
  {
    pattern: /@ts-(ignore|expect-error|nocheck)/g,
    instead: "mend the type, or cast in a file named unsafe.ts",
  },
  { pattern: /\bas unknown as\b/g, instead: "cast in a file named unsafe.ts" },
];

/** The compiler is not silenced outside files named unsafe.ts. */
export const typeEscapes: Rule = {
  name: "type escapes",
  check: (tree) =>
    tree.sources
      .filter(({ path }) => !/(^|\/)unsafe\.ts$/.test(path) && !path.startsWith("scripts/tidy/"))
      .flatMap((file) => [
        ...IN_CODE.flatMap(({ pattern, instead }) =>
          [...file.code.matchAll(pattern)].map((match) =>
            violationAt(file, match.index, `${match[0].trim()}: ${instead}`),
          ),
        ),
        ...IN_TEXT.flatMap(({ pattern, instead }) =>
          [...file.text.matchAll(pattern)].map((match) =>
            violationAt(file, match.index, `${match[0]}: ${instead}`),
          ),
        ),
      ]),
};
