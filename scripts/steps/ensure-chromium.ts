// The browser that end-to-end tests need.
import { existsSync, readFileSync } from "node:fs";
import { findChromium } from "#shared/testing/chromium.ts";

// Without a font the pages would be drawn without text.
const PACKAGES = ["chromium", "fonts-dejavu-core"];

/** Installs Chromium where that is possible; tells what to do, as an error, where not. */
export async function ensureChromium(): Promise<void> {
  if (findChromium(process.env) !== undefined) return;
  if (process.env.TESSERA_CHROMIUM) {
    throw new Error(
      `cannot use TESSERA_CHROMIUM=${process.env.TESSERA_CHROMIUM}: it is no program; ` +
        "set it to the path of a Chromium or remove it",
    );
  }
  if (!mayInstall()) {
    throw new Error(
      "cannot run the browser tests: no Chromium was found; install it (Debian: " +
        "`sudo apt-get install chromium`) or set TESSERA_CHROMIUM to its path",
    );
  }
  console.log(`installing ${PACKAGES.join(", ")} for the browser tests…`);
  const isInstalled =
    (await runApt("update")) && (await runApt("install", "--no-install-recommends", ...PACKAGES));
  if (isInstalled && findChromium(process.env) !== undefined) return;
  throw new Error(
    "cannot install Chromium with apt-get: see above; install it by hand or set " +
      "TESSERA_CHROMIUM to its path",
  );
}

function mayInstall(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  const release = readFileSync("/etc/os-release", "utf8");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && Bun.which("apt-get") !== null;
}

async function runApt(...parameters: string[]): Promise<boolean> {
  const child = Bun.spawn(["apt-get", "--yes", "--quiet", ...parameters], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return (await child.exited) === 0;
}
