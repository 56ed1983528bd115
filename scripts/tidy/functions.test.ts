import { expect, test } from "bun:test";
import { findFunctions } from "./functions.ts";

const samples: [name: string, code: string, lines: number[]][] = [
  ["a declaration", "function a() {\n}", [2]],
  ["a return type with braces", "function a(): { b: 1 } | { c: 2 } {\n\n}", [3]],
  ["a promise of an object", "async function a(): Promise<{ b: 1 }> {\n}", [2]],
  ["a method and an inner arrow", "class A {\n  a(b) {\n    c(() => {\n    });\n  }\n}", [4, 2]],
  ["a type guard", "function a(b): b is { c: 1 } {\n}", [2]],
  ["an assertion of arrows", "function a(): () => void {\n}", [2]],
  ["control flow", "if (a) {\n}\nfor (const b of c) {\n}\nswitch (d) {\n}", []],
  ["calls and ternaries", "const a = b(c) ? d(e) : { f: 1 };", []],
  ["an arrow that gives an object", "const a = () => ({\n});", []],
  ["a signature in an interface", "interface A {\n  b(c: 1): void;\n}", []],
];

test.each(samples)("%s", (_, code, lines) => {
  expect(findFunctions(code).map((one) => one.lines)).toEqual(lines);
});
