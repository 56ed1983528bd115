// What keeps a standby from following, in words that say what to do.
import { type RemoteFaultKind, remoteFaultOf } from "#shared/infra/db/remote-fault.ts";
import type { Standing } from "../copy/compare.ts";
import type { Head } from "../copy/head.ts";
import type { FollowState, FollowStatus } from "./follow-status.ts";
import { ReplicaDamage } from "./verify.ts";

/** A reason to wait that the follower found itself. */
export class FollowError extends Error {
  override readonly name = "FollowError";
  readonly state: FollowState;

  constructor(state: FollowState, message: string) {
    super(message);
    this.state = state;
  }
}

/** Throws when the replica is another shard's than the one to stand by for. */
export function refuseOtherShard(replica: Head, shardKey: string): void {
  const theirs = replica.facts.get("shard_key");
  if (theirs === shardKey) return;
  throw new FollowError(
    "foreign",
    `it holds shard ${theirs}, and this standby is ${shardKey}'s; set TESSERA_STANDBY_URL to ` +
      "that shard's replica, in which {shard} stands for its key, or give other flags",
  );
}

/** Throws unless the replica may be followed from where this standby is. */
export function refuseReplica(standing: Standing, replica: Head, own: Head): void {
  const theirs = replica.progress;
  const seen = own.progress;
  if (standing === "foreign") {
    throw new FollowError(
      "foreign",
      `it holds database ${replica.facts.get("database_id")} of shard ` +
        `${replica.facts.get("shard_key")}, and this standby has followed ` +
        `${own.facts.get("database_id")} of ${own.facts.get("shard_key")}; set ` +
        "TESSERA_STANDBY_URL to this shard's replica, or move the standby's database away to " +
        "follow what is there",
    );
  }
  if (standing === "fenced" || standing === "ahead") {
    throw new FollowError(
      "stale",
      `it ends with tick ${theirs?.tick} of epoch ${theirs?.epoch}, and this standby has seen ` +
        `tick ${seen?.tick} of epoch ${seen?.epoch}: it was put back, or stands still; check ` +
        "that it still follows its primary, and make it anew if not. What was seen is kept",
    );
  }
  if (standing === "diverged" && (theirs?.epoch ?? 0) <= (seen?.epoch ?? 0)) {
    throw new FollowError(
      "damaged",
      `its tick ${seen?.tick} is another one than this standby has seen, under the same epoch; ` +
        "make the replica anew",
    );
  }
}

const STATES: Readonly<Record<RemoteFaultKind, FollowState>> = {
  unreachable: "unreachable",
  denied: "denied",
  empty: "waiting",
  fenced: "unreachable",
  changed: "unreachable",
  "too large": "unreachable",
  failing: "unreachable",
};

const FIXES: Readonly<Partial<Record<FollowState, string>>> = {
  unreachable: "check that it runs and TESSERA_STANDBY_URL; what was seen is kept",
  denied: "check TESSERA_STANDBY_TOKEN, which must be signed for it and not have expired",
  waiting: "it is empty; it fills once the owner ships to its primary (TESSERA_LIBSQL_URL)",
};

/** Tells what an error of following is and what to do about it. */
export function followTroubleOf(error: unknown, place: string): FollowStatus {
  const cannot = `cannot follow the replica ${place}`;
  if (error instanceof FollowError) {
    return { state: error.state, text: `${cannot}: ${error.message}` };
  }
  if (error instanceof ReplicaDamage) {
    const text = `${cannot}: ${error.message}; it is read anew, and nothing damaged was taken over`;
    return { state: "damaged", text };
  }
  const fault = remoteFaultOf(error);
  const state = STATES[fault.kind];
  return { state, text: `${cannot}: ${fault.text}; ${FIXES[state]}` };
}
