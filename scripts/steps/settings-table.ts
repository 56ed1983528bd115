// The settings as README shows them, from the one catalogue that processes read.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingCatalogue } from "#shared/infra/settings.ts";
import { ROOT } from "../bootstrap.ts";

const README = join(ROOT, "README.md");
const PART = /(<!-- settings: written by `bun run generate` -->\n)[\s\S]*?(<!-- end -->)/;

/** The Markdown table of all settings. */
function formatSettingsTable(): string {
  const rows = Object.entries(settingCatalogue).map(([name, setting]) => {
    const value = setting.default === undefined ? "" : `\`${setting.default}\``;
    return `| \`${name}\` | ${value} | ${setting.allowed} | ${setting.description} |`;
  });
  return ["| setting | default | allowed | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** README with its table as the catalogue has it now. */
export function renewReadme(text: string): string {
  return text.replace(PART, (_, start, end) => `${start}${formatSettingsTable()}\n${end}`);
}

/** Writes the table into README. */
export function writeSettingsTable(): void {
  writeFileSync(README, renewReadme(readFileSync(README, "utf8")));
}

/** Whether README shows the settings that there are. */
export function isReadmeCurrent(): boolean {
  const text = readFileSync(README, "utf8");
  return PART.test(text) && renewReadme(text) === text;
}
