// The browser that end-to-end tests need.
import { findChromium } from "#shared/testing/chromium.ts";
import { installPackages, mayInstall } from "./apt.ts";

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
  const isInstalled = await installPackages(PACKAGES);
  if (isInstalled && findChromium(process.env) !== undefined) return;
  throw new Error(
    "cannot install Chromium with apt-get: see above; install it by hand or set " +
      "TESSERA_CHROMIUM to its path",
  );
}
