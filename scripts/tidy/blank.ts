// Takes comments and texts out of TypeScript, so that rules look at code only.
//
// TypeScript 7 offers no parser to programs. A scanner that knows comments, texts, templates and
// regular expressions is enough for the rules here: everything is replaced by spaces of the same
// length, so that lines and columns stay.

export interface Blanked {
  /** Without comments. */
  readonly withTexts: string;
  /** Without comments and without what texts, templates and regular expressions say. */
  readonly code: string;
}

type Kind = "code" | "comment" | "text";

// A slash after one of these begins a regular expression, else it divides.
const BEFORE_REGEX = /(?:^|[=(,:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|await|void))\s*$/;
const LOOK_BACK_LENGTH = 40;

/** Blanks comments, and texts too. */
export function blank(source: string): Blanked {
  const kinds = classify(source);
  const keep = (kept: (kind: Kind | undefined) => boolean) =>
    [...splitUnits(source)]
      .map((unit, index) => (unit === "\n" || kept(kinds[index]) ? unit : " "))
      .join("");
  return {
    withTexts: keep((kind) => kind !== "comment"),
    code: keep((kind) => kind === "code"),
  };
}

/** Units as indexes count them; spreading a text would join surrogate pairs. */
function splitUnits(source: string): string[] {
  return source.split("");
}

function classify(source: string): Kind[] {
  const kinds: Kind[] = new Array<Kind>(source.length).fill("code");
  // Depths of braces at which a template goes on.
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  while (at < source.length) {
    const end = endOfToken(source, at);
    if (end !== undefined) {
      kinds.fill(end.kind, at, end.at);
      at = end.at;
      continue;
    }
    const unit = source[at];
    if (unit === "{") depth += 1;
    if (unit === "}") depth -= 1;
    const goesOn = unit === "}" && templates.at(-1) === depth;
    if (goesOn) templates.pop();
    if (unit === "`" || goesOn) {
      const stop = endOfTemplatePart(source, at + 1);
      kinds.fill("text", at + 1, stop.at);
      if (stop.opens) {
        templates.push(depth);
        depth += 1;
        at = stop.at + 2;
      } else {
        at = stop.at + 1;
      }
      continue;
    }
    at += 1;
  }
  return kinds;
}

/** The end of the comment, text or regular expression that begins at `at`, if one does. */
function endOfToken(source: string, at: number): { at: number; kind: Kind } | undefined {
  const [unit, next] = [source[at], source[at + 1]];
  if (unit === "/" && next === "/") return { at: endOr(source, "\n", at), kind: "comment" };
  if (unit === "/" && next === "*") {
    return { at: Math.min(source.length, endOr(source, "*/", at + 2) + 2), kind: "comment" };
  }
  if (unit === '"' || unit === "'") return { at: endOfText(source, at, unit), kind: "text" };
  const before = source.slice(Math.max(0, at - LOOK_BACK_LENGTH), at);
  if (unit === "/" && BEFORE_REGEX.test(before)) {
    return { at: endOfRegex(source, at), kind: "text" };
  }
  return undefined;
}

function endOr(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at === -1 ? source.length : at;
}

function endOfText(source: string, start: number, quote: string): number {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === quote) return at + 1;
    else if (source[at] === "\n") return at;
  }
  return source.length;
}

function endOfRegex(source: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < source.length; at += 1) {
    const unit = source[at];
    if (unit === "\\") at += 1;
    else if (unit === "\n") return at;
    else if (unit === "[") inClass = true;
    else if (unit === "]") inClass = false;
    else if (unit === "/" && !inClass) return at + 1;
  }
  return source.length;
}

/** Where the text part of a template ends: at its closing mark or at an opening `${`. */
function endOfTemplatePart(source: string, start: number): { at: number; opens: boolean } {
  for (let at = start; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === "`") return { at, opens: false };
    else if (source[at] === "$" && source[at + 1] === "{") return { at, opens: true };
  }
  return { at: source.length, opens: false };
}
