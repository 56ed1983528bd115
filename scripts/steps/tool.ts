// Runs the tools that packages bring along, with this Bun, whatever is on PATH.
import { join } from "node:path";
import { ROOT } from "../bootstrap.ts";

const TOOLS = {
  biome: "node_modules/@biomejs/biome/bin/biome",
  buf: "node_modules/@bufbuild/buf/bin/buf",
  drizzle: "node_modules/drizzle-kit/bin.cjs",
  tsc: "node_modules/typescript/bin/tsc",
} as const;

export type Tool = keyof typeof TOOLS;

export interface ToolOptions {
  readonly cwd?: string;
  /** Says nothing unless it fails. */
  readonly quiet?: boolean;
}

/** Runs a tool and tells whether it was content. */
export async function runTool(
  tool: Tool,
  parameters: readonly string[],
  options: ToolOptions = {},
): Promise<boolean> {
  const { cwd = ROOT, quiet = false } = options;
  const child = Bun.spawn([process.execPath, join(ROOT, TOOLS[tool]), ...parameters], {
    cwd,
    stdin: "ignore",
    stdout: quiet ? "pipe" : "inherit",
    stderr: quiet ? "pipe" : "inherit",
  });
  const output = quiet
    ? Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    : Promise.resolve([]);
  const code = await child.exited;
  if (code !== 0) for (const text of await output) process.stderr.write(text);
  return code === 0;
}
