// What the system's package manager can be asked for.
import { existsSync, readFileSync } from "node:fs";

/** Whether packages may be installed here: as root on Debian or Ubuntu. */
export function mayInstall(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  const release = readFileSync("/etc/os-release", "utf8");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && Bun.which("apt-get") !== null;
}

/** Whether all of them are installed now. */
export async function installPackages(names: readonly string[]): Promise<boolean> {
  return (await runApt("update")) && (await runApt("install", "--no-install-recommends", ...names));
}

async function runApt(...parameters: string[]): Promise<boolean> {
  const child = Bun.spawn(["apt-get", "--yes", "--quiet", ...parameters], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return (await child.exited) === 0;
}
