// A copy of a libSQL server's database in a file, which libSQL keeps in step. All of it is
// synchronous native code, network included: it belongs into a Worker of its own. The file is
// disposable.
import { rmSync } from "node:fs";
import { type Client, createClient } from "@libsql/client";

/** What libSQL puts beside the file. */
const COMPANIONS = ["", "-wal", "-shm", "-info", "-client_wal_index"];

export interface EmbeddedReplica {
  readonly client: Pick<Client, "batch">;
  /** Fetches what is new; blocks this thread, three seconds long when nobody answers. */
  sync(): Promise<void>;
  close(): void;
}

export interface EmbeddedReplicaOptions {
  path: string;
  /** libsql://, https:// or http:// */
  url: string;
  token: string | undefined;
}

/**
 * Opens or makes the copy; throws when the server cannot be reached. Whether its content is what it
 * should be is for the reader to tell: libSQL sends PRAGMAs, a check among them, to the primary.
 */
export async function openEmbeddedReplica(
  options: EmbeddedReplicaOptions,
): Promise<EmbeddedReplica> {
  const { path, url, token } = options;
  const client = createClient({
    url: `file:${path}`,
    syncUrl: httpUrlOf(url),
    readYourWrites: false,
    ...(token !== undefined && { authToken: token }),
  });
  return {
    client,
    async sync() {
      await client.sync();
    },
    close: () => client.close(),
  };
}

/** Removes the copy; the next one is fetched from the start. */
export function removeEmbeddedReplica(path: string): void {
  for (const companion of COMPANIONS) rmSync(`${path}${companion}`, { force: true });
}

/** libSQL's replicas speak HTTP: `libsql:` with `tls=0` in the clear, otherwise encrypted. */
function httpUrlOf(address: string): string {
  const url = new URL(address);
  if (url.protocol !== "libsql:") return address;
  const protocol = url.searchParams.get("tls") === "0" ? "http:" : "https:";
  return `${protocol}//${url.host}`;
}
