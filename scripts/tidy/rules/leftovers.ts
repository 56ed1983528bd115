import { type Rule, violationAt } from "../tree.ts";

// Written apart, so that this file passes its own rule.
const WORDS = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"];
const NOTE = new RegExp(`\\b(${WORDS.join("|")})\\b`, "g");
const SKIPPED = /\b(?:test|it|describe)\.(?:skip|skipIf|todo|todoIf|only|if|failing)\b/g;
const DEBUGGER = /\bdebugger\b/g;

/** Nothing half done: no notes to oneself, no tests that do not run. */
export const leftovers: Rule = {
  name: "leftovers",
  check: (tree) =>
    tree.sources.flatMap((file) => [
      ...[...file.text.matchAll(NOTE)].map((match) =>
        violationAt(file, match.index, `${match[0]}: do it now, or open an issue and say why not`),
      ),
      ...[...file.code.matchAll(SKIPPED)].map((match) =>
        violationAt(file, match.index, `${match[0]}: make the test run, or delete it`),
      ),
      ...[...file.code.matchAll(DEBUGGER)].map((match) =>
        violationAt(file, match.index, `${match[0]}: remove it`),
      ),
    ]),
};
