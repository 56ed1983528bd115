import type { Finding } from "./finding.ts";

const MARKS: Readonly<Record<Finding["status"], string>> = {
  ok: "ok     ",
  note: "note   ",
  warning: "WARNING",
  problem: "PROBLEM",
};

/** Whether everything can run. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== "problem");
}

/** The findings for people, with what to do about each. */
export function formatReport(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, text, fix }) => [
    `${MARKS[status]} ${check.padEnd(width)}  ${text}`,
    ...(fix === undefined ? [] : [`${" ".repeat(8 + width)}  fix: ${fix}`]),
  ]);
  const count = (status: Finding["status"]) =>
    findings.filter((finding) => finding.status === status).length;
  return [...lines, `${count("problem")} problems, ${count("warning")} warnings`].join("\n");
}

/** The same for machines. */
export function formatJson(findings: readonly Finding[]): string {
  return JSON.stringify({ ok: isHealthy(findings), findings }, null, 2);
}
