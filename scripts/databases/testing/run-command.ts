// Commands as people run them.
import { join } from "node:path";
import { ROOT } from "../../bootstrap.ts";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bun run NAME …words` with these settings and no others. */
export async function runCommandLine(
  name: "backup" | "restore" | "migrate" | "doctor",
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const child = Bun.spawn([process.execPath, join(ROOT, `scripts/${name}.ts`), ...words], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}
