import { closeSync, fsyncSync, openSync } from "node:fs";

/** Makes what was made, renamed or removed in a folder survive a power cut. */
export function syncFolder(path: string): void {
  // Windows opens no folders, and needs none opened for this.
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
