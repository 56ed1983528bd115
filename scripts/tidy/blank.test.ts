import { describe, expect, test } from "bun:test";
import { blank } from "./blank.ts";

describe("blank", () => {
  const samples: [name: string, source: string, code: string][] = [
    ["a line comment", "a(); // b\nc();", "a();     \nc();"],
    ["a block comment over lines", "a /* b\nc */ d", "a     \n     d"],
    ["texts", "a('x\\'y') + \"//\"", "a(      ) +     "],
    ["a template with code in it", "`a ${b(`c ${d} e`)} f`", "`  ${b(`  ${d}  `)}  `"],
    ["an object in a template", "`a ${{ b: 1 }} c` + d", "`  ${{ b: 1 }}  ` + d"],
    ["a regular expression", "a = /\"[/]'/g; b", "a =        g; b"],
    ["a division", "a / b / c", "a / b / c"],
    ["a regular expression after return", "return /x/.test(a)", "return    .test(a)"],
  ];
  test.each(samples)("%s", (_, source, code) => {
    expect(blank(source).code).toBe(code);
  });

  test("keeps texts where they are asked for", () => {
    expect(blank('a("b"); // c').withTexts).toBe('a("b");     ');
  });

  test("keeps lengths and line breaks", () => {
    const source = 'a("✓𝄞"); /* 𝄞\n */ `\n${b}\n`';
    const { code, withTexts } = blank(source);
    expect([code.length, withTexts.length]).toEqual([source.length, source.length]);
    expect(code.split("\n")).toHaveLength(source.split("\n").length);
  });
});
