// The browser that end-to-end tests drive; playwright-core is known here and in tests only.
import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

export type { Browser, BrowserContext, Page } from "playwright-core";

const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // WebGL without a graphics card.
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/** Starts a headless Chromium; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined) {
    throw new Error(
      "cannot start Chromium: none found; install it (Debian: apt-get install chromium) or set " +
        "TESSERA_CHROMIUM to its path",
    );
  }
  return await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
}

/** The Chromium of this machine: TESSERA_CHROMIUM, else the usual places, else PATH. */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const configured = environment.TESSERA_CHROMIUM;
  if (configured) return isExecutable(configured) ? configured : undefined;
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const PATH = environment.PATH ?? "";
  return usual.find(isExecutable) ?? names.map((name) => Bun.which(name, { PATH })).find(isText);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isText(value: string | null): value is string {
  return value !== null;
}
