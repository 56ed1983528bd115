// What a standby and the process that owns its embedded replica say to each other.
import type { EmbeddedReplicaOptions } from "#shared/infra/db/embedded-replica.ts";
import type { Rows, Statement } from "../../copy/sql.ts";

export type EmbeddedRequest =
  | ({ kind: "open" } & EmbeddedReplicaOptions)
  | { kind: "sync" }
  | { kind: "read"; statements: (Statement | string)[] }
  /** Closes the file and removes it. */
  | { kind: "remove" };

export type ToEmbedded = EmbeddedRequest & { id: number };

/** An answer to the request of that id. */
export type FromEmbedded = { id: number; results: Rows[] } | { id: number; error: string };
