import { ConfigurationError } from "../settings.ts";

/** Path of a server program of the system; throws ConfigurationError with what to install. */
export function findProgram(name: string, debianPackage: string): string {
  // Debian keeps servers where only root's PATH leads.
  const found = Bun.which(name, { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/usr/local/sbin` });
  if (found !== null) return found;
  throw new ConfigurationError(
    `cannot start ${name}: it is not on the PATH; install it (Debian: ` +
      `\`sudo apt-get install ${debianPackage}\`)`,
  );
}
