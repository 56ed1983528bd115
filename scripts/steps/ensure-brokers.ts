// The brokers that tests of the bus run against.
import { findProgram } from "#shared/infra/services/find-program.ts";
import { installPackages, mayInstall } from "./apt.ts";

/** Programs and the packages of Debian that bring them; neither starts by being installed. */
const BROKERS = ["redis-server", "nats-server"];

/** Installs them where that is possible; tells what to do, as an error, where not. */
export async function ensureBrokers(): Promise<void> {
  const missing = BROKERS.filter((name) => !isThere(name));
  if (missing.length === 0) return;
  const names = missing.join(" ");
  if (!mayInstall()) {
    throw new Error(
      `cannot run the tests of the bus: ${names} not found; install (Debian: ` +
        `\`sudo apt-get install ${names}\`)`,
    );
  }
  console.log(`installing ${names} for the tests of the bus…`);
  if ((await installPackages(missing)) && missing.every(isThere)) return;
  throw new Error(`cannot install ${names} with apt-get: see above; install by hand`);
}

function isThere(name: string): boolean {
  try {
    findProgram(name, name);
    return true;
  } catch {
    return false; // Whoever needs it says what to do.
  }
}
