import { join } from "node:path";
import { Sqld } from "./sqld.ts";
import { openSqldKeys, type SqldKeys } from "./sqld-keys.ts";

/** A primary and a replica that follows it, as two regions have them. */
export interface SqldPair extends AsyncDisposable {
  readonly primary: Sqld;
  readonly replica: Sqld;
  readonly keys: SqldKeys;
}

/** Starts both in `folder`, on ports from `port` up; disposing stops them in order. */
export async function startSqldPair(folder: string, port = 0): Promise<SqldPair> {
  const keys = openSqldKeys(folder);
  const primary = await Sqld.start({ folder: join(folder, "primary"), keys, port });
  try {
    const replicaPort = port === 0 ? 0 : Number(new URL(primary.url).port) + 1;
    const options = { folder: join(folder, "replica"), keys, port: replicaPort, primary };
    const replica = await Sqld.start(options);
    return {
      primary,
      replica,
      keys,
      async [Symbol.asyncDispose]() {
        await replica.stop();
        await primary.stop();
      },
    };
  } catch (error) {
    await primary.stop();
    throw error;
  }
}
