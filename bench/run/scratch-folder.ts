import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for what a measurement needs, removed with all that is in it by `using`. */
export interface ScratchFolder extends Disposable {
  readonly path: string;
}

/**
 * Makes one. Whoever leaves in a hurry leaves nothing behind: it goes at the latest with the
 * process, which first ends those who still write there.
 */
export function openScratchFolder(name: string, abandon = () => {}): ScratchFolder {
  const path = mkdtempSync(join(tmpdir(), `tessera-${name}-`));
  const remove = () => rmSync(path, { recursive: true, force: true });
  const leave = () => {
    abandon();
    remove();
  };
  process.once("exit", leave);
  return {
    path,
    [Symbol.dispose]() {
      process.off("exit", leave);
      remove();
    },
  };
}
