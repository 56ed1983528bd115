import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../settings.ts";

/**
 * Path of the sqld program: out of the development dependency, else of the PATH. The package's own
 * launcher is not used, for it starts a process between that no signal passes.
 */
export function findSqld(): string {
  const found = findInPackage() ?? Bun.which("sqld");
  if (found !== null && found !== undefined) return found;
  throw new ConfigurationError(
    `cannot start sqld: there is no program for ${process.platform} on ${process.arch}; run ` +
      "`bun install` with development dependencies, or put a sqld on the PATH",
  );
}

function findInPackage(): string | undefined {
  try {
    const launcher = dirname(Bun.resolveSync("sqld/package.json", import.meta.dir));
    const name = `@sqld/${process.platform}-${process.arch}/package.json`;
    const path = join(dirname(Bun.resolveSync(name, launcher)), "sqld");
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined; // Not installed, or not made for this machine.
  }
}
