import { findFunctions } from "../functions.ts";
import type { Rule, SourceFile, Violation } from "../tree.ts";

const LINE_LENGTH_MAX = 100;
const FUNCTION_LINES_MAX = 70;
const FILE_LINES_MAX = 500;
/** A group of tests is a chapter, not a function; what is in it counts. */
const CHAPTER = /^describe\b/;

/** Lines, functions and files that fit into a head. */
export const budgets: Rule = {
  name: "budgets",
  check: (tree) => tree.sources.flatMap(checkFile),
};

function checkFile(file: SourceFile): Violation[] {
  const { path } = file;
  const lines = file.text.replace(/\n$/, "").split("\n");
  const long = lines.flatMap((text, index): Violation[] => {
    // What cannot be broken, such as an address, may stand alone on its line.
    if (text.length <= LINE_LENGTH_MAX || /^\s*(\/\/|\*)?\s*\S+$/.test(text)) return [];
    const message = `${text.length} columns; break the line at ${LINE_LENGTH_MAX}`;
    return [{ path, line: index + 1, message }];
  });
  const functions = findFunctions(file.code)
    .filter((one) => one.lines > FUNCTION_LINES_MAX && !CHAPTER.test(one.head))
    .map(({ line, lines: count, head }) => ({
      path,
      line,
      message: `\`${head}\` has ${count} lines; split it into functions of ${FUNCTION_LINES_MAX}`,
    }));
  const message = `${lines.length} lines; split it into files of at most ${FILE_LINES_MAX}`;
  const tooLong = lines.length > FILE_LINES_MAX ? [{ path, line: 1, message }] : [];
  return [...long, ...functions, ...tooLong];
}
