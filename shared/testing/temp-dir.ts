// A folder that a test may fill and that goes with it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new empty folder; `using` or `await using` removes it with all that is in it. */
export function createTempDir(): { readonly path: string } & Disposable & AsyncDisposable {
  const path = mkdtempSync(join(tmpdir(), "tessera-"));
  const remove = () => rmSync(path, { recursive: true, force: true });
  return {
    path,
    [Symbol.dispose]: remove,
    [Symbol.asyncDispose]: async () => remove(),
  };
}
