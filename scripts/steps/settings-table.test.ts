import { expect, test } from "bun:test";
import { isReadmeCurrent, renewReadme } from "./settings-table.ts";

test("README shows the settings that there are; else run `bun run generate`", () => {
  expect(isReadmeCurrent()).toBe(true);
});

test("the table replaces what stands between its marks, and nothing else", () => {
  const mark = "<!-- settings: written by `bun run generate` -->";
  const renewed = renewReadme(`before\n${mark}\nold\n<!-- end -->\nafter`);
  expect(renewed).toStartWith(`before\n${mark}\n| setting |`);
  expect(renewed).toContain("| `TESSERA_PORT` | `8088` | a whole number from 0 to 65535 |");
  expect(renewed).toEndWith("\n<!-- end -->\nafter");
});
