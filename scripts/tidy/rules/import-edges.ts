import { type Import, listImports } from "../imports.ts";
import { type Rule, type SourceFile, type Violation, violationAt } from "../tree.ts";

const LEAVES = ["server", "shards", "client"];
const APP_ROUTER = "server/app-router.ts";

/** Imports go downhill: proto ← shared ← server, shards, client. */
export const importEdges: Rule = {
  name: "import edges",
  check: (tree) => tree.sources.flatMap(checkFile),
};

function checkFile(file: SourceFile): Violation[] {
  return listImports(file).flatMap((one) => {
    const message = judge(file.path, one);
    return message === undefined ? [] : [violationAt(file, one.at, message)];
  });
}

function judge(path: string, { specifier, isTypeOnly, target }: Import): string | undefined {
  if (target === undefined) return undefined;
  const [from, to] = [roomOf(path), roomOf(target)];
  if (!/\.(ts|html|css|json)$/.test(target)) return `import ${specifier} with its .ts extension`;
  if (from !== to) {
    const wrong = judgeRooms(path, target, isTypeOnly);
    if (wrong !== undefined) return wrong;
    const alias = to === "shared" ? "#shared/…" : "#proto/…";
    const isAliased = specifier.startsWith("#");
    if ((to === "shared" || to === "proto") && !isAliased) return `write ${alias} across rooms`;
  }
  if (from === to && specifier.startsWith("#") && shareFolder(path, target)) {
    return `write ./… inside one folder instead of ${specifier}`;
  }
  return judgeInsideShared(path, target);
}

function judgeRooms(path: string, target: string, isTypeOnly: boolean): string | undefined {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (from === "proto") return "proto imports nothing of the house; move the code to shared";
  if (from === "shared" && to !== "proto") {
    return `shared must not import ${to}; move what it needs down to shared`;
  }
  if (!LEAVES.includes(from) || !LEAVES.includes(to)) return undefined;
  if (from === "client" && target === APP_ROUTER) {
    return isTypeOnly ? undefined : `write import type for ${APP_ROUTER}`;
  }
  return `${from} must not import ${to}; share it through shared, or meet on the bus`;
}

function judgeInsideShared(path: string, target: string): string | undefined {
  if (path.startsWith("client/") && target.startsWith("shared/infra/")) {
    return isTest(path) ? undefined : "client must not import shared/infra, which is for Bun only";
  }
  if (isTest(path)) return undefined;
  const world = worldOf(target);
  if (path.startsWith("shared/sim/kernel/") && world !== undefined) {
    return "the kernel must not import a world; take what differs as a parameter";
  }
  const ownWorld = worldOf(path);
  if (ownWorld !== undefined && world !== undefined && ownWorld !== world) {
    return `world ${ownWorld} must not import world ${world}; move it to the kernel`;
  }
  if (target.startsWith("shared/testing/") && !isForTests(path)) {
    return "only tests and scripts import shared/testing; move it to where it is used";
  }
  return undefined;
}

function isForTests(path: string): boolean {
  return /(^|\/)testing\/|^(scripts|e2e)\/|\.fixture\.ts$/.test(path);
}

function isTest(path: string): boolean {
  return /\.(test|fuzz)\.ts$/.test(path) || isForTests(path);
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? "";
}

/** The aliases of package.json are for other rooms; the parts of shared are rooms of their own. */
function shareFolder(path: string, target: string): boolean {
  const folder = (name: string) => name.slice(0, name.lastIndexOf("/"));
  return folder(path) === folder(target);
}

function worldOf(path: string): string | undefined {
  return /^shared\/sim\/worlds\/([^/]+)\//.exec(path)?.[1];
}
