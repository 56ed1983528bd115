// `bun run doctor [--json]`: what is in the way of running, on this machine, with these settings.
// Exit code 1 when there is a problem, 78 for a flag that does not exist.
import { ROOT } from "./bootstrap.ts";
import { formatJson, formatReport, isHealthy } from "./doctor/report.ts";
import { checkVersions } from "./doctor/versions.ts";

const words = process.argv.slice(2);
const unknown = words.find((word) => word !== "--json");
if (unknown !== undefined) {
  console.error(`cannot examine: there is no flag ${unknown}\nusage: bun run doctor [--json]`);
  process.exit(78);
}
const findings = checkVersions(ROOT, Bun.version);
// The rest is made of packages that may not be there.
if (isHealthy(findings)) {
  const { examine } = await import("./doctor/examine.ts");
  const { systemClock } = await import("#shared/time/clock.ts");
  findings.push(...(await examine(process.env, systemClock)));
}
console.log(words.includes("--json") ? formatJson(findings) : formatReport(findings));
process.exit(isHealthy(findings) ? 0 : 1);
