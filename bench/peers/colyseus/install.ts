// The peer's packages are its own and come on demand: the product does not depend on them.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Installs what the lockfile of this folder names, unless it is there. */
export function installPeer(): void {
  const folder = import.meta.dir;
  if (existsSync(join(folder, "node_modules", "@colyseus", "core", "package.json"))) return;
  console.error("installing the peer's packages (once) …");
  const done = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], { cwd: folder });
  if (done.exitCode === 0) return;
  const why = done.stderr.toString().trim().split("\n").at(-1) ?? "";
  throw new Error(
    `cannot install the peer: ${why}; a package registry must be reachable once, ` +
      `or run \`bun install --frozen-lockfile\` in ${folder} where it is`,
  );
}
