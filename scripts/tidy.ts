// `bun run tidy`: what breaks the rules of the house, one line each. The tests ask the same.
import { bootstrap, ROOT } from "./bootstrap.ts";

await bootstrap();
const { rules } = await import("./tidy/rules.ts");
const { readTree } = await import("./tidy/tree.ts");

const tree = readTree(ROOT);
const lines = rules.flatMap((rule) =>
  rule.check(tree).map(({ path, line, message }) => `${path}:${line}: ${rule.name}: ${message}`),
);
for (const line of lines) console.error(line);
console.log(lines.length === 0 ? "tidy" : `${lines.length} to mend`);
process.exit(lines.length === 0 ? 0 : 1);
