// What can be wrong with a libSQL server, told apart by the driver's errors.
import { LibsqlError } from "@libsql/client";

export type RemoteFaultKind =
  /** Nobody answers in time, or only to say that the server is broken. */
  | "unreachable"
  /** The token is wrong, has expired, or may not write. */
  | "denied"
  /** The tables are not there: it was never used, or it was wiped. */
  | "empty"
  /** A later owner of the shard has written to it. */
  | "fenced"
  /** It is not as it was when it was looked at. */
  | "changed"
  /** One row is larger than the server takes. */
  | "too large"
  | "failing";

export interface RemoteFault {
  readonly kind: RemoteFaultKind;
  /** What the server or the network said. */
  readonly text: string;
}

/** Tells what an error of a request to a libSQL server means. */
export function remoteFaultOf(error: unknown): RemoteFault {
  const found = findLibsqlError(error);
  const text = textOf(found ?? error);
  const [, kind] = SIGNS.find(([sign]) => sign.test(text)) ?? [];
  // What does not come from the driver comes from the network.
  return { kind: kind ?? (found === undefined ? "unreachable" : "failing"), text };
}

const SIGNS: readonly [RegExp, RemoteFaultKind][] = [
  [/HTTP status 40[13]\b/, "denied"],
  [/HTTP status (404|5\d\d)\b/, "unreachable"],
  [/no such table/, "empty"],
  [/fenced:/, "fenced"],
  [/out of order:|shard_facts\.value/, "changed"],
  [/too big/, "too large"],
];

function findLibsqlError(error: unknown): LibsqlError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof LibsqlError) return cause;
  }
  return undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
}
