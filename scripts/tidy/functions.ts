// Finds the functions of a file and how long they are, in code without comments and texts.

export interface FoundFunction {
  /** Counted from 1. */
  readonly line: number;
  readonly lines: number;
  /** The text of its first line, to say which one it is. */
  readonly head: string;
}

const CONTROL = /\b(?:if|for|while|switch|catch|with|await|return)$/;
const PAIRS: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };

/** All functions with a body: declarations, methods and arrows; inner ones count on their own. */
export function findFunctions(code: string): FoundFunction[] {
  const found: FoundFunction[] = [];
  for (let at = 0; at < code.length; at += 1) {
    const bodyAt = findBody(code, at);
    if (bodyAt === undefined) continue;
    const endAt = findPair(code, bodyAt);
    const startLine = lineOf(code, at);
    found.push({
      line: startLine,
      lines: lineOf(code, endAt) - startLine + 1,
      head: (code.split("\n")[startLine - 1] ?? "").trim(),
    });
  }
  return found;
}

/** Where the body opens of the function whose parameters or arrow stand at `at`. */
function findBody(code: string, at: number): number | undefined {
  if (code.startsWith("=>", at)) {
    const bodyAt = skipSpace(code, at + 2);
    return code[bodyAt] === "{" ? bodyAt : undefined;
  }
  if (code[at] !== "(" || CONTROL.test(code.slice(0, at).slice(-20).trimEnd())) return undefined;
  const afterAt = skipSpace(code, findPair(code, at) + 1);
  if (code[afterAt] === "{") return afterAt;
  return code[afterAt] === ":" ? findBodyAfterType(code, afterAt + 1) : undefined;
}

/** Skips a return type; a brace after an operator of types belongs to the type. */
function findBodyAfterType(code: string, start: number): number | undefined {
  let before = ":";
  for (let at = start; at < code.length; at += 1) {
    const unit = code[at] ?? "";
    if (/\s/.test(unit)) continue;
    if (code.startsWith("=>", at)) {
      before = "=>";
      at += 1;
    } else if (unit === "{" && !/^(?:[:|&<,]|=>|is)$/.test(before)) {
      return at;
    } else if (unit in PAIRS) {
      at = findPair(code, at);
      before = code[at] ?? "";
    } else if (/[;,=)}\]?]/.test(unit)) {
      return undefined;
    } else {
      before = /^is\b/.test(code.slice(at, at + 3)) ? "is" : unit;
      if (before === "is") at += 1;
    }
  }
  return undefined;
}

/** The place of the bracket that closes the one at `openAt`; the end when none does. */
function findPair(code: string, openAt: number): number {
  const open = code[openAt] ?? "";
  const close = PAIRS[open];
  let depth = 0;
  for (let at = openAt; at < code.length; at += 1) {
    if (code[at] === open) depth += 1;
    if (code[at] === close) depth -= 1;
    if (depth === 0) return at;
  }
  return code.length - 1;
}

function skipSpace(code: string, start: number): number {
  let at = start;
  while (/\s/.test(code[at] ?? "")) at += 1;
  return at;
}

function lineOf(code: string, at: number): number {
  let line = 1;
  for (let index = code.indexOf("\n"); index !== -1 && index < at; ) {
    line += 1;
    index = code.indexOf("\n", index + 1);
  }
  return line;
}
