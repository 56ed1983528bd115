import type { Clock } from "#shared/time/clock.ts";
import type { ShipPlace } from "../ship-status.ts";
import { EmbeddedReader } from "./embedded/embedded-reader.ts";
import { type ReplicaReader, ServerReader } from "./replica-reader.ts";

/**
 * The reader for an address: `libsql://`, as Turso's are, is read through a copy at `path` that
 * libSQL keeps in step; any other is asked over HTTP.
 */
export function openReader(
  { url, token }: ShipPlace,
  { path, clock }: { path: string; clock: Clock },
): ReplicaReader {
  if (!url.startsWith("libsql:")) return new ServerReader(url, token);
  return new EmbeddedReader({ path, url, token, clock });
}
