// Room on the disk of the data folder, and whether it is a disk at all.
import { existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { listDatabaseFiles } from "#shared/infra/db/data-folder.ts";
import { findExisting } from "./data-folder.ts";
import type { Finding } from "./finding.ts";

const GIGABYTE = 1e9;
/** Less, and nothing can be written soon. */
const FREE_BYTES_MIN = 0.2 * GIGABYTE;
const FREE_BYTES_GOOD = 1 * GIGABYTE;

/** Free space for what is there, its journal and a backup of it. */
export function checkSpace(data: string): Finding {
  const { bavail, bsize, ffree, files } = statfsSync(findExisting(data));
  const sizes = listDatabaseFiles(data).map(({ path }) => statSync(path).size);
  return judgeSpace({
    freeBytes: bavail * bsize,
    databaseBytes: sizes.reduce((sum, size) => sum + size, 0),
    // Some file systems do not count.
    freeFiles: files === 0 ? Number.POSITIVE_INFINITY : ffree,
  });
}

interface Space {
  readonly freeBytes: number;
  readonly databaseBytes: number;
  readonly freeFiles: number;
}

/** Says whether that is enough. */
export function judgeSpace({ freeBytes, databaseBytes, freeFiles }: Space): Finding {
  const check = "free space";
  const free = `${(freeBytes / GIGABYTE).toFixed(1)} GB free`;
  const fix = "make room, or set TESSERA_DATA to a larger disk";
  if (freeFiles < 100) {
    return { check, status: "problem", text: `${free}, but ${freeFiles} files only`, fix };
  }
  if (freeBytes < FREE_BYTES_MIN) return { check, status: "problem", text: free, fix };
  if (freeBytes < Math.max(FREE_BYTES_GOOD, 2 * databaseBytes)) {
    const text = `${free}; databases have ${(databaseBytes / GIGABYTE).toFixed(1)} GB`;
    return { check, status: "warning", text, fix };
  }
  return { check, status: "ok", text: free };
}

const MEMORY = ["tmpfs", "ramfs"];
const NETWORK = ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "fuse.glusterfs"];
/** Options by which a file system promises less than fsync says. */
const LYING = /(^|,)(nobarrier|barrier=0|volatile)(,|$)/;

/** The file system of the data folder; undefined where the system does not tell. */
export function checkFileSystem(data: string): Finding | undefined {
  const path = "/proc/self/mountinfo";
  if (!existsSync(path)) return undefined;
  return judgeMount(readFileSync(path, "utf8"), resolve(findExisting(data)));
}

/** Looks a folder up in the kernel's list of mounts, /proc/self/mountinfo. */
export function judgeMount(mountinfo: string, folder: string): Finding | undefined {
  const [mount] = mountinfo
    .split("\n")
    .flatMap((line) => readMount(line))
    .filter(({ point }) => `${folder}/`.startsWith(point === "/" ? "/" : `${point}/`))
    // The last of those on one point is the one that is seen.
    .reverse()
    .sort((one, other) => other.point.length - one.point.length);
  if (mount === undefined) return undefined;
  const { type, options } = mount;
  const check = "file system";
  if (MEMORY.includes(type)) {
    const text = `${folder} is memory (${type}): everything is gone when the machine stops`;
    const fix = "set TESSERA_DATA to a folder on a disk";
    return { check, status: "problem", text, fix };
  }
  if (NETWORK.includes(type)) {
    const text = `${folder} is on ${type}: locks and fsync over a network cannot be relied on`;
    const fix = "set TESSERA_DATA to a folder on a disk of this machine; replicas go elsewhere";
    return { check, status: "problem", text, fix };
  }
  if (LYING.test(options)) {
    const text = `${type} with ${options}: a power cut may cost what was acknowledged`;
    const fix = "mount it without nobarrier, barrier=0 or volatile";
    return { check, status: "problem", text, fix };
  }
  return { check, status: "ok", text: type };
}

function readMount(line: string): { point: string; type: string; options: string }[] {
  const [before = "", after = ""] = line.split(" - ");
  const point = before.split(" ")[4]?.replaceAll("\\040", " ");
  const [type, , options = ""] = after.split(" ");
  if (point === undefined || type === undefined) return [];
  return [{ point, type, options: `${before.split(" ")[5]},${options}` }];
}
