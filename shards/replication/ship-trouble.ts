// What stops the shipping, in words that say what to do.
import { DatabaseError } from "#shared/infra/db/database-error.ts";
import { type RemoteFaultKind, remoteFaultOf } from "#shared/infra/db/remote-fault.ts";
import type { Standing } from "./copy/compare.ts";
import type { Head } from "./copy/head.ts";
import type { ShipState } from "./ship-status.ts";

/** Why there is no shipping now. */
export interface ShipTrouble {
  state: ShipState;
  text: string;
  /** The tables are gone: connecting anew makes them. */
  isEmpty: boolean;
}

/** The replica's own content forbids writing to it. */
class StandingError extends Error {
  override readonly name = "StandingError";
  readonly standing: Extract<Standing, "foreign" | "fenced">;

  constructor(standing: StandingError["standing"], message: string) {
    super(message);
    this.standing = standing;
  }
}

/** Refuses to write over what is not this database's replica. */
export function refuseStanding(standing: Standing, copy: Head, source: Head): void {
  const named = ({ facts, progress }: Head) =>
    `database ${facts.get("database_id")} of shard ${facts.get("shard_key")}, ` +
    `tick ${progress?.tick ?? 0}`;
  if (standing === "foreign") {
    throw new StandingError(
      standing,
      `it holds ${named(copy)}, and this is ${named(source)}; nothing was changed there. To go ` +
        "on from what it holds, start this shard with --standby on an empty folder; to begin it " +
        "anew, give TESSERA_LIBSQL_URL an empty database, or empty that one",
    );
  }
  if (standing === "fenced") {
    const epoch = copy.progress?.epoch;
    throw new StandingError(
      standing,
      `a later owner has written to it under epoch ${epoch}; this one stops, and nothing of it ` +
        "was added there. Start this shard with --standby to follow that owner",
    );
  }
}

const STATES: Readonly<Record<RemoteFaultKind, ShipState>> = {
  unreachable: "unreachable",
  denied: "denied",
  empty: "connecting",
  fenced: "fenced",
  changed: "connecting",
  "too large": "failing",
  failing: "failing",
};

const FIXES: Readonly<Partial<Record<ShipState, string>>> = {
  unreachable:
    "check that the server runs and TESSERA_LIBSQL_URL; what is to be shipped waits in the " +
    "shard's own journal, and shipping goes on by itself",
  denied:
    "check TESSERA_LIBSQL_TOKEN, which must be signed for this server, allow writing, and not " +
    "have expired; after a change of the server's key shipping goes on by itself",
  failing: "look into the server's log; it is tried again",
};

/** Tells what an error of the shipping is and what to do about it. */
export function shipTroubleOf(error: unknown, place: string): ShipTrouble {
  if (error instanceof StandingError) {
    const text = `cannot ship to ${place}: ${error.message}`;
    return { state: error.standing, text, isEmpty: false };
  }
  if (error instanceof DatabaseError && ["foreign", "newer"].includes(error.reason)) {
    const state = error.reason === "newer" ? "newer" : "foreign";
    return { state, text: error.message, isEmpty: false };
  }
  const fault = remoteFaultOf(error);
  const state = STATES[fault.kind];
  const fix = FIXES[state];
  const text = `cannot ship to ${place}: ${fault.text}${fix === undefined ? "" : `; ${fix}`}`;
  return { state, text, isEmpty: fault.kind === "empty" };
}
