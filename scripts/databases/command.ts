import { ConfigurationError } from "#shared/infra/settings.ts";

/** Runs a command to its end and leaves: 0 all is well, 1 something is not, 78 asked wrongly. */
export async function runCommand(action: () => Promise<boolean>): Promise<never> {
  try {
    process.exit((await action()) ? 0 : 1);
  } catch (error) {
    console.error(describeError(error));
    process.exit(error instanceof ConfigurationError ? error.exitCode : 1);
  }
}

/** The message; the stack only where nobody foresaw the error. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.startsWith("cannot ") ? error.message : (error.stack ?? error.message);
}
