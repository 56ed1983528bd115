// The folder of databases and secrets: may it be written, and by nobody else be read?
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Finding } from "./finding.ts";

const OTHERS = 0o077;

/** The data folder, or the nearest one above that is there. */
export function findExisting(data: string): string {
  for (let folder = data; ; folder = dirname(folder)) {
    if (existsSync(folder)) return folder;
    if (folder === dirname(folder)) return ".";
  }
}

/** Rights and owners of the data folder and of what must stay secret in it. */
export function checkDataFolder(data: string): Finding[] {
  const check = "data folder";
  const folder = findExisting(data);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    const fix = `let the user of the processes write ${folder}, or set TESSERA_DATA to another one`;
    return [{ check, status: "problem", text: `${folder} cannot be written`, fix }];
  }
  if (folder !== data) {
    return [{ check, status: "ok", text: `${data} is not there; the first start makes it` }];
  }
  const files = listFiles(data);
  return [
    { check, status: "ok", text: `${data} with ${files.length} files of databases and secrets` },
    ...checkRights(files),
    ...checkOwners(files),
    ...checkLeftovers(data),
  ];
}

/** Databases, their companions, what a restore kept, and the cluster secret. */
function listFiles(data: string): string[] {
  const isOurs = (name: string) => /\.db(-|\.|$)/.test(name) || name === "cluster-secret";
  return [data, join(data, "shards")]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter(isOurs)
        .map((name) => join(folder, name)),
    );
}

function checkRights(files: readonly string[]): Finding[] {
  // Windows has other rights.
  if (process.platform === "win32") return [];
  const open = files.filter((file) => (statSync(file).mode & OTHERS) !== 0);
  if (open.length === 0) return [];
  return [
    {
      check: "rights",
      status: "problem",
      text: `others may read or write ${open.join(", ")}: password hashes, keys and tokens`,
      fix: `chmod 600 ${open.join(" ")}`,
    },
  ];
}

function checkOwners(files: readonly string[]): Finding[] {
  const own = process.getuid?.();
  const owners = [...new Set(files.map((file) => statSync(file).uid))];
  if (own === undefined || owners.every((owner) => owner === own)) return [];
  const check = "owners";
  if (owners.length > 1) {
    return [
      {
        check,
        status: "problem",
        text: `the files belong to several users: ${owners.join(", ")}`,
        fix: "chown them all to the user of the processes",
      },
    ];
  }
  const text = `the files belong to user ${owners[0]}, and this is user ${own}`;
  if (own === 0) return [{ check, status: "note", text }];
  const fix = `run as user ${owners[0]}, or chown the files`;
  return [{ check, status: "problem", text, fix }];
}

/** What commands that were interrupted have left behind. */
function checkLeftovers(data: string): Finding[] {
  const backups = join(data, "backups");
  const left = [
    ...readdirSync(data).filter((name) => name.startsWith("restore-")),
    ...(existsSync(backups) ? readdirSync(backups) : [])
      .filter((name) => name.endsWith(".unfinished"))
      .map((name) => join("backups", name)),
  ];
  if (left.length === 0) return [];
  const text = `interrupted commands have left ${left.join(", ")}`;
  return [
    { check: "leftovers", status: "warning", text, fix: "delete them, unless one still runs" },
  ];
}
