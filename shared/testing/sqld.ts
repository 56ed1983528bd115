// Real libSQL servers for tests.
import { join } from "node:path";
import { Sqld } from "#shared/infra/services/sqld.ts";
import { openSqldKeys } from "#shared/infra/services/sqld-keys.ts";
import { type SqldPair, startSqldPair } from "#shared/infra/services/sqld-pair.ts";
import { createTempDir } from "./temp-dir.ts";

export interface TestSqld extends SqldPair {
  /** Reads and writes. */
  readonly token: string;
  /** Only reads. */
  readonly readToken: string;
  /** Signed by a key that the servers do not know. */
  readonly wrongToken: string;
  /** One more primary beside the two; it goes with them. */
  more(): Promise<Sqld>;
}

/** A primary and its replica on free ports in a folder that goes with them. */
export async function startSqld(): Promise<TestSqld> {
  const folder = createTempDir();
  const pair = await startSqldPair(join(folder.path, "sqld"));
  const others: Sqld[] = [];
  return {
    ...pair,
    token: await pair.keys.sign("rw"),
    readToken: await pair.keys.sign("ro"),
    wrongToken: await openSqldKeys(join(folder.path, "other-keys")).sign("rw"),
    async more() {
      const place = join(folder.path, `more-${others.length}`);
      const sqld = await Sqld.start({ folder: place, keys: pair.keys });
      others.push(sqld);
      return sqld;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(others.map((sqld) => sqld.stop()));
      await pair[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
