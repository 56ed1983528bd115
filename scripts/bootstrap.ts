// Makes a fresh clone ready; imports nothing that must be installed first.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root folder. */
export const ROOT = join(import.meta.dir, "..");

const MODULES = join(ROOT, "node_modules");
const STAMP = join(MODULES, ".tessera-installed");

/**
 * Installs the dependencies of the lockfile unless they are there already. After an install the
 * program goes on in a new process, since Bun remembers which packages it did not find at first.
 */
export async function bootstrap(): Promise<void> {
  const wanted = describeWanted();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  console.log("installing dependencies…");
  const install = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(install.stdout).text(),
    new Response(install.stderr).text(),
    install.exited,
  ]);
  if (code !== 0) {
    console.error(`${stdout}${stderr}`);
    console.error(
      "cannot install dependencies: see above; the machine must reach an npm registry, and " +
        "package.json and bun.lock must belong together (`bun install` renews the lockfile)",
    );
    process.exit(1);
  }
  writeFileSync(STAMP, wanted);
  process.exit(await runAgain());
}

async function runAgain(): Promise<number> {
  const child = Bun.spawn([process.execPath, ...process.argv.slice(1)], {
    stdio: ["inherit", "inherit", "inherit"],
    // By its end the child notices when this process is killed.
    ipc: () => undefined,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return await child.exited;
}

/** Changes whenever another set of packages, or another Bun to install them, is asked for. */
function describeWanted(): string {
  const hash = createHash("sha256").update(Bun.version);
  for (const name of ["package.json", "bun.lock"]) hash.update(readFileSync(join(ROOT, name)));
  return hash.digest("hex");
}
